#!/usr/bin/env bash
# build.sh DIRECTORY: compiles scc-cni there if it is older than its source. Warnings are errors.
set -euo pipefail
out=$1
mkdir -p "$out"
cd "$(dirname "$0")"
if [ ! -e "$out/scc-cni" ] || [ scc-cni.c -nt "$out/scc-cni" ]; then
    gcc -std=gnu17 -O2 -Wall -Wextra -Werror -D_FORTIFY_SOURCE=2 -fstack-protector-strong -o "$out/scc-cni" scc-cni.c
fi
