package dev.scc.cli.acceptance;

/** A node's agent, killed and started again with the command line that it had. */
record DaemonOnNode(Scc scc, String node) {

    static DaemonOnNode agent(Scc scc, String node) {
        scc.onNodeOk(
                node,
                "pid=$(pgrep -f '[d]ev.scc.cli.Main agent' | head -1) && echo $pid >/run/agent.killed"
                        + " && cp /proc/$pid/cmdline /run/agent.cmdline");
        return new DaemonOnNode(scc, node);
    }

    void kill() {
        scc.onNodeOk(node, "kill -9 $(cat /run/agent.killed)");
    }

    void start() {
        scc.onNodeOk(node, "xargs -0 setsid </run/agent.cmdline >/dev/ttyS1 2>&1 </dev/null & rm -f /run/agent.killed");
    }
}
