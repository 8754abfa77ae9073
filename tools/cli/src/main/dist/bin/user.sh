# shellcheck shell=bash
# Sourced: the one place that says where the user's home, configuration, state and cache are. Sets users_home, config, state and
# cache, as the XDG base directory specification has it, without starting a process; bin/scc hands them to java.

user_home() { # sets home
  home=${HOME:-}
  if [[ $home != /* ]]; then
    local HOME
    unset HOME # What ~ means then is in the password file; a user who is not in it has /.
    home=~
  fi
  home=${home%/}
}

user_directories() {
  local home
  user_home
  # shellcheck disable=SC2034 # Whoever sources this reads it.
  users_home=${home:-/}
  config=$home/.config state=$home/.local/state cache=$home/.cache
  # The specification wants paths that are not absolute ignored.
  [[ ${XDG_CONFIG_HOME:-} == /* ]] && config=$XDG_CONFIG_HOME
  [[ ${XDG_STATE_HOME:-} == /* ]] && state=$XDG_STATE_HOME
  [[ ${XDG_CACHE_HOME:-} == /* ]] && cache=$XDG_CACHE_HOME
  config+=/scc state+=/scc cache+=/scc
}
