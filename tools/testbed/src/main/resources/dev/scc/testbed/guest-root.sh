# shellcheck shell=dash
# Makes what a guest sees of the host's files: a tmpfs at the first argument, in a mount namespace that the guest's QEMU has for
# itself, so that nothing is left when that ends. Then come directories that are shown, --, directories that are hidden though
# they are in one of these, --, and the command that this process becomes.
set -eu
root=$1
shift
mount -t tmpfs -o mode=755,size=256m guest "$root"
cd "$root"
mkdir dev proc sys run root home mnt opt srv var var/lib var/log var/tmp tmp
chmod 1777 tmp var/tmp
ln -s /run var/run
ln -s /run/lock var/lock
for name in bin sbin lib lib32 lib64 libx32; do
    if [ -L "/$name" ]; then
        cp -P "/$name" "$name"
    elif [ -d "/$name" ]; then
        mkdir "$name"
        mount --bind "/$name" "$name"
    fi
done
# Of the host's settings what everybody on the host may read.
(cd / && find etc -xdev \( -type d ! -perm -o=rx -prune \) -o \( -type d -o -type l -o -type f -perm -o=r \) -print0 |
    tar -c --null --no-recursion -T -) | tar -x
[ -e etc/passwd ]
while [ "$1" != -- ]; do
    mkdir -p "./$1"
    mount --bind "$1" "./$1"
    shift
done
shift
while [ "$1" != -- ]; do
    if [ -d "./$1" ]; then
        mount -t tmpfs -o mode=700,size=4k,ro hidden "./$1"
    fi
    shift
done
shift
cd /
exec "$@"
