# shellcheck shell=dash disable=SC2016 # What is in quotes is the inner shell's.
# Starts this node's agent in a session of its own. What it says goes to the second serial port, so that it is on the
# host even when the guest dies. One that could not start (status 1: a slow guest makes tools time out) is started again
# twice; one that was killed is not.
/run/scc/busybox stty -F /dev/ttyS1 raw
/run/scc/busybox setsid /run/scc/busybox sh -c '
    for attempt in 1 2 3; do
        /run/scc/busybox sh /run/scc/agent.sh
        status=$?
        echo "scc: the agent exited with status $status"
        [ $status = 1 ] || break
        /run/scc/busybox sleep 2
    done' < /dev/null > /dev/ttyS1 2>&1 &
