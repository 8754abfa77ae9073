# Starts this node's agent in a session of its own. What it says goes to the second serial port, so that it is on the
# host even when the guest dies. It is not started again when it ends.
/run/scc/busybox stty -F /dev/ttyS1 raw
/run/scc/busybox setsid /run/scc/busybox sh -c '
    /run/scc/busybox sh /run/scc/agent.sh
    echo "scc: the agent exited with status $?"' < /dev/null > /dev/ttyS1 2>&1 &
