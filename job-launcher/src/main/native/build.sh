#!/bin/sh
# build.sh DIRECTORY: compiles each program of this directory that is older than its source. Warnings are errors.
set -eu
out=$1
mkdir -p "$out"
cd "$(dirname "$0")"
for source in scc-*.c; do
    program=$out/${source%.c}
    if [ ! -e "$program" ] || [ "$source" -nt "$program" ] || [ agent-socket.h -nt "$program" ]; then
        gcc -std=gnu17 -O2 -Wall -Wextra -Werror -D_FORTIFY_SOURCE=2 -fstack-protector-strong -o "$program" "$source"
    fi
done
