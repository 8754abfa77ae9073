package dev.scc.job.client;

import dev.scc.cluster.Member;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.job.Tasks;
import dev.scc.job.rpc.JobRpc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where the keepers of nodes are. A node's agent knows, and starts one if there is none. */
record KeeperPlaces(Connections connections, Duration connecting, Tasks tasks) {
    /** More nodes than that start theirs when the lead calls them. */
    private static final int HINTED = 32;

    /** An agent whose keeper runs has answered by then. */
    private static final Duration AT_ONCE = Duration.ofMillis(100);

    /** Of the node's keeper, as {@code HOST:PORT}. */
    String of(Member member, Optional<String> permit) throws RpcFailed, InterruptedException {
        return of(member, permit, tasks.latch());
    }

    private String of(Member member, Optional<String> permit, Tasks.Latch connected)
            throws RpcFailed, InterruptedException {
        try (RpcChannel agent = connections.to(Peer.agent(member.node(), member.agent()))) {
            // One that hangs is not waited for as long as one that starts a keeper.
            agent.connect(connecting);
            connected.open();
            return agent.call(JobRpc.PLACE, new JobRpc.Ask(member.node(), permit), JobRpc.PLACING)
                    .address();
        }
    }

    /**
     * Of the lead's keeper. While that has to be started, the other nodes start theirs, which saves the job that time. Where it
     * runs, so do the others as a rule; then none of them is asked, as each would cost the caller a connection.
     */
    String ofLead(Member lead, List<Member> nodes, Optional<String> permit) throws RpcFailed, InterruptedException {
        Tasks.Latch connected = tasks.latch();
        Tasks.Latch known = tasks.latch();
        Tasks.Task hints = tasks.start("job-hints", () -> hint(lead, nodes, permit, connected, known));
        try {
            return of(lead, permit, connected);
        } finally {
            known.open();
            connected.open();
            hints.join();
        }
    }

    private void hint(
            Member lead, List<Member> nodes, Optional<String> permit, Tasks.Latch connected, Tasks.Latch known) {
        try {
            connected.await();
            if (!known.await(AT_ONCE)) {
                nodes.stream()
                        .filter(node -> !node.equals(lead))
                        .limit(HINTED)
                        .forEach(node -> tasks.start("job-hint", () -> start(node, permit)));
            }
        } catch (InterruptedException e) {
            tasks.current().interrupt();
        }
    }

    private void start(Member node, Optional<String> permit) {
        try {
            of(node, permit);
        } catch (RpcFailed | InterruptedException e) {
            // The lead will find out, too, and say so.
            tasks.current().interrupt();
        }
    }
}
