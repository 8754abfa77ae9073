#!/usr/bin/env bash
# build.sh DIRECTORY: compiles each program and library of this directory that is older than its source. Warnings are
# errors.
set -euo pipefail
out=$1
mkdir -p "$out"
cd "$(dirname "$0")"
compile() {
    gcc -std=gnu17 -O2 -Wall -Wextra -Werror -D_FORTIFY_SOURCE=2 -fstack-protector-strong "$@"
}
for source in scc-*.c; do
    program=$out/${source%.c}
    if [ ! -e "$program" ] || [ "$source" -nt "$program" ] || [ -n "$(find . -name '*.h' -newer "$program")" ]; then
        compile -o "$program" "$source"
    fi
done
for source in libscc-*.c; do
    library=$out/${source%.c}.so
    if [ ! -e "$library" ] || [ "$source" -nt "$library" ]; then
        compile -fPIC -shared -o "$library" "$source" -ldl
    fi
done
