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
pmix=/usr/lib/$(gcc -print-multiarch)/pmix2 # As Debian has it.
for source in scc-*.c; do
    program=$out/${source%.c}
    if [ ! -e "$program" ] || [ "$source" -nt "$program" ] || [ -n "$(find . -name '*.h' -newer "$program")" ]; then
        case $source in
            scc-pmix.c) compile -isystem "$pmix/include" -o "$program" "$source" -L"$pmix/lib" -lpmix -lpthread ;;
            *) compile -o "$program" "$source" ;;
        esac
    fi
done
for source in libscc-*.c; do
    library=$out/${source%.c}.so
    if [ ! -e "$library" ] || [ "$source" -nt "$library" ]; then
        compile -fPIC -shared -o "$library" "$source" -ldl
    fi
done
