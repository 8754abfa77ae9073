# shellcheck shell=bash disable=SC2154
# Sourced by tools/scc, tools/test and tools/bench/run, which set $root: what has to be there before scc can be built.

stamps=$root/target/setup

# Installs the Debian packages of the given groups that are missing, after naming them. The answer "all there" is
# remembered until the list or dpkg's own state changes, so that the usual case starts no process.
ensure_packages() { # GROUP...
  local stamp=$stamps/packages-${*// /-} group package wanted=() missing=() installed=' ' status
  stamp=${stamp// /-}
  if [[ $stamp -nt $root/tools/packages && ! /var/lib/dpkg/status -nt $stamp ]]; then
    return 0
  fi
  if ! type -P dpkg-query >/dev/null; then
    echo "scc: this is not Debian; the packages that tools/packages lists must be there under their names here" >&2
    return 0
  fi
  while read -r group package; do
    [[ " $* " == *" $group "* ]] && wanted+=("$package")
  done <"$root/tools/packages"
  while read -r status package; do
    [[ $status == installed ]] && installed+="$package "
  done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null || true)
  for package in "${wanted[@]}"; do
    [[ $installed == *" $package "* ]] || missing+=("$package")
  done
  if ((${#missing[@]} > 0)); then
    if [[ ${SCC_NO_INSTALL:-} == 1 ]]; then
      {
        echo "scc: Debian packages are missing, and installing them was refused (--no-install or SCC_NO_INSTALL=1)."
        echo "  missing  ${missing[*]}"
        echo "  next     apt-get install --no-install-recommends ${missing[*]}"
      } >&2
      return 6
    fi
    echo "scc: installing Debian packages: ${missing[*]}" >&2
    if ((EUID != 0)); then
      echo "scc: only root can install packages. Run: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
      return 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get -qq update && apt-get -qq -y --no-install-recommends install "${missing[@]}"; } >&2; then
      echo "scc: apt-get could not install them; its message is above" >&2
      return 1
    fi
  fi
  mkdir -p "$stamps"
  : >"$stamp"
}

# Maven resets the colours of a terminal that it has not coloured, also where there is none.
without_colours() {
  sed -u $'s/\e\\[[0-9;]*m//g'
}

# Sets modules to those that the distribution is made of: in the root pom, tools/cli and all that stands above it.
dist_modules() {
  local line module
  modules=()
  while IFS= read -r line; do
    if [[ $line == *'<module>'*'</module>'* ]]; then
      module=${line#*<module>}
      modules+=("${module%%</module>*}")
      [[ ${modules[-1]} == tools/cli ]] && return 0
    fi
  done <"$root/pom.xml"
  echo "scc: pom.xml names no module tools/cli" >&2
  return 1
}

# True if any source is newer than what was built from it.
dist_is_stale() {
  local built=$root/tools/cli/target/built modules
  [[ ! -e $built ]] && return 0
  dist_modules || return
  [[ -n $(cd "$root" && find pom.xml .mvn tools/packages "${modules[@]/%//pom.xml}" "${modules[@]/%//src/main}" \
    -newer "$built" -print -quit 2>/dev/null) ]]
}

# Builds the distribution if it is stale. Checks of format and style are the tests' business.
ensure_dist() {
  dist_is_stale || return 0
  local lock built=$root/tools/cli/target/built started=$SECONDS modules used
  dist_modules || return
  mkdir -p "$stamps"
  exec {lock}>"$stamps/lock"
  flock "$lock"
  if dist_is_stale; then
    echo "scc: building" >&2
    if [[ ! -e $built || -n $(cd "$root" && find pom.xml "${modules[@]/%//pom.xml}" -newer "$built") ]]; then
      rm -rf "$root/tools/cli/target/dist/lib" # a dependency that is no longer one must not stay on the class path
    fi
    mkdir -p "$root/tools/cli/target"
    # What runs meanwhile, as a testbed does, keeps the files that it has begun with: a program cannot be written to, and java
    # does not bear that one of its jars changes.
    for used in "$root"/tools/cli/target/dist/{native/*,lib/*.jar}; do
      [[ ! -f $used ]] || { cp -p "$used" "$used.new" && mv "$used.new" "$used"; }
    done
    : >"$built.new"
    if ! (cd "$root" && JAVA_HOME=$JDK mvn -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true -Denforcer.skip=true -Dmdep.analyze.skip=true \
      -Dstyle.color=never -pl tools/cli -am package </dev/null 2>&1 | without_colours >&2); then
      rm -f "$built.new"
      echo "scc: the build failed; its message is above" >&2
      return 1
    fi
    train
    bill_of_materials || echo "scc: no bill of materials; scc works all the same" >&2
    mv "$built.new" "$built"
    echo "scc: built in $((SECONDS - started)) s" >&2
  fi
  exec {lock}>&-
}

# Records which classes the commands and daemons load, so that java starts from that record: half the time.
# Where this fails scc works all the same, only slower.
train() {
  local dist=$root/tools/cli/target/dist
  rm -f "$dist"/*.aot
  if ! JAVA_HOME=$JDK "$dist/bin/train" >"$root/tools/cli/target/train.log" 2>&1; then
    echo "scc: no AOT cache (commands will start slower); see tools/cli/target/train.log" >&2
    rm -f "$dist"/*.aot
  fi
}

# Names every library of the distribution with its SHA-256, as CycloneDX 1.5 has it, in share/sbom.cdx.json.
bill_of_materials() {
  local dist=$root/tools/cli/target/dist hash jar name separator='' tls
  # What it is made from is not in the distribution, but has the version of those classes.
  tls=$(cd "$dist/lib" && echo netty-tcnative-classes-*.jar) tls=${tls/classes/boringssl-static}
  {
    printf '{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":['
    while read -r hash jar; do
      [[ $jar != *libnetty_tcnative* ]] || jar=$tls
      name=${jar##*/} name=${name%.jar}
      [[ $name =~ ^(.+)-([0-9][^-]*(-[A-Za-z]+)?)$ ]] || BASH_REMATCH=("$name" "$name" "")
      printf '%s\n{"type":"library","name":"%s","version":"%s","hashes":[{"alg":"SHA-256","content":"%s"}]}' \
        "$separator" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "$hash"
      separator=,
    done < <(cd "$dist/lib" && sha256sum -- *.jar authority/*.jar && find ../native -name 'libnetty_tcnative*' -exec sha256sum {} +)
    printf '\n]}\n'
  } >"$dist/share/sbom.cdx.json.new" && mv "$dist/share/sbom.cdx.json.new" "$dist/share/sbom.cdx.json"
}
