# shellcheck shell=bash
# Sourced: sets JDK to the home of a JDK 25 or later, without starting a process. Returns 1 if there is none.

jdk_version() { # HOME -> sets version to its feature number, or empty
  local line
  version=
  [[ -x $1/bin/java && -r $1/release ]] || return 1
  while IFS= read -r line; do
    if [[ $line == JAVA_VERSION=* ]]; then
      line=${line#JAVA_VERSION=\"}
      version=${line%%[!0-9]*}
      return 0
    fi
  done <"$1/release"
  return 1
}

find_jdk() {
  local home path version
  # 25 before anything later: it is what scc is built and tested with.
  if [[ -n ${JAVA_HOME:-} ]] && jdk_version "$JAVA_HOME" && ((version >= 25)); then
    JDK=$JAVA_HOME
    return 0
  fi
  JDK=
  for home in /usr/lib/jvm/* /opt/jdk* /opt/java/*; do
    if jdk_version "$home" && ((version >= 25)); then
      JDK=$home
      ((version == 25)) && return 0
    fi
  done
  [[ -n $JDK ]] && return 0
  path=$(type -P java) && path=$(readlink -f "$path") && home=${path%/bin/java} || return 1
  if jdk_version "$home" && ((version >= 25)); then
    JDK=$home
    return 0
  fi
  return 1
}

need_jdk() {
  find_jdk && return 0
  cat >&2 <<'END'
scc: no JDK 25 found.
  looked at  JAVA_HOME, /usr/lib/jvm/*, /opt/jdk*, /opt/java/*, java on the PATH
  next       install a JDK 25 (for instance Eclipse Temurin) and set JAVA_HOME to it
END
  return 1
}
