#!/bin/busybox sh
# shellcheck shell=dash disable=SC1091,SC2154 # The facts are written when a guest is made.
# First process of a testbed guest, in its initramfs: loads the modules, puts a writable layer over the host's root,
# sets two NICs up, and hands over to start.sh in the new root. /node/facts holds what is particular to this guest.
PATH=/bin
busybox mount -t proc proc /proc
busybox mount -t sysfs sys /sys
busybox mount -t devtmpfs dev /dev
busybox mkdir -p /host /upper /root

# The host sees QEMU end, and shows the last lines of this console.
fail() {
    echo "scc: cannot $1"
    busybox sync
    busybox poweroff -f
}
stage() {
    read -r uptime rest < /proc/uptime
    echo "scc: $1 after $uptime s"
}
load() {
    while read -r module; do
        busybox insmod "/modules/$module" || fail "load module $module"
    done < "$1"
}

. /node/facts
load /modules/root.list
busybox mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose host /host || fail "mount the host's root"
busybox mount -t tmpfs -o mode=755 upper /upper || fail "mount a tmpfs"
busybox mkdir /upper/upper /upper/work
busybox mount -t overlay -o lowerdir=/host,upperdir=/upper/upper,workdir=/upper/work root /root || fail "mount the overlay"
stage "root mounted"
load /modules/node.list
stage "modules loaded"

busybox ip link set lo up
busybox ip addr add "$address/$prefix" broadcast + dev eth0 || fail "set the address of eth0"
busybox ip link set eth0 up || fail "set eth0 up"
busybox ip link set eth1 mtu "$mtu" up || fail "set eth1 up with an MTU of $mtu"
busybox hostname "$name"

busybox mount --move /dev /root/dev
busybox mkdir -p /root/dev/pts /root/dev/shm
busybox mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /root/dev/pts || fail "mount /dev/pts"
busybox mount -t tmpfs -o mode=1777 shm /root/dev/shm || fail "mount /dev/shm"
busybox mount -t tmpfs -o mode=755 run /root/run || fail "mount /run"
busybox mkdir -p /root/run/scc /root/run/lock "/root/usr/lib/modules/$kernel"
busybox mount --bind "/root$modules" "/root/usr/lib/modules/$kernel" || fail "mount the modules in $modules"
busybox mount -t cgroup2 cgroup /sys/fs/cgroup || fail "mount /sys/fs/cgroup"
echo "+cpu +memory +pids" > /sys/fs/cgroup/cgroup.subtree_control
busybox rm -f /root/etc/hosts /root/etc/hostname
busybox cp /node/hosts /root/etc/hosts
busybox cp /node/hostname /root/etc/hostname
busybox cp -a /bin/busybox /bin/guest-exec /node/. /root/run/scc/
if [ -d /node/data ]; then
    busybox rm -rf /root/run/scc/data /root/var/lib/scc
    busybox cp -a /node/data /root/var/lib/scc
fi
stage "node set up"
busybox mount --move /sys /root/sys
busybox mount --move /proc /root/proc
exec busybox switch_root -c /dev/console /root /run/scc/busybox sh /run/scc/start.sh || fail "switch to the new root"
