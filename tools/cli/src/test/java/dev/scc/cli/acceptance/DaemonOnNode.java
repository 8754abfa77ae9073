package dev.scc.cli.acceptance;

/** A node's agent, killed as by a crash, and started again as at boot. */
record DaemonOnNode(Scc scc, String node) {

    static DaemonOnNode agent(Scc scc, String node) {
        return new DaemonOnNode(scc, node);
    }

    void kill() {
        scc.onNodeOk(node, "pkill -KILL -f '[d]ev.scc.cli.Main agent'");
    }

    void start() {
        scc.onNodeOk(node, "sh /run/scc/start-agent.sh");
    }
}
