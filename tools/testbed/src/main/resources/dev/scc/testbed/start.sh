# shellcheck shell=dash disable=SC1091,SC2154 # The facts are written when a guest is made.
# Second stage of a testbed guest, in its root: starts the agent, if the testbed has one, and becomes the exec daemon.
. /run/scc/facts
ulimit -l unlimited
ulimit -c 0
ulimit -n 65536
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
cd /root || cd /
if [ -e /run/scc/agent.sh ]; then
    /run/scc/busybox sh /run/scc/start-agent.sh
fi
exec /run/scc/guest-exec serve eth2 "$control" "$port"
