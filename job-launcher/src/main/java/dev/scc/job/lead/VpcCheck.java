package dev.scc.job.lead;

import dev.scc.job.Refusal;
import dev.scc.job.Tasks;
import dev.scc.job.node.NodeEvent;
import dev.scc.job.node.NodeOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the nodes of a job reach each other in their cluster's VPC: each its neighbour in a ring, all at a time. What keeps
 * packets from a node shows on both sides of it, so the ring names the node.
 */
final class VpcCheck {
    private VpcCheck() {}

    /** @param patience how long a node may take to answer another */
    static Optional<Refusal> of(List<NodeSession> sessions, Duration patience, Tasks tasks)
            throws InterruptedException {
        List<NodeSession> asked = new ArrayList<>();
        for (int i = 0; i < sessions.size(); i++) {
            NodeSession next = sessions.get((i + 1) % sessions.size());
            Optional<Integer> port = next.vpcPort();
            if (port.isPresent() && sessions.get(i).vpcPort().isPresent()) {
                sessions.get(i).send(new NodeOrder.Reach(next.node(), port.get(), patience.toMillis()));
                asked.add(sessions.get(i));
            }
        }
        long deadline = tasks.nanos() + 2 * patience.toNanos();
        List<Refusal.Unreached> failures = new ArrayList<>();
        for (NodeSession session : asked) {
            Optional<NodeEvent.Reached> answer = session.awaitReached(deadline);
            if (answer.isEmpty()) {
                return Optional.of(new Refusal.NodeUnable(
                        session.node(), "it did not say whether it reaches the next node in the cluster's VPC"));
            }
            answer.get()
                    .failure()
                    .ifPresent(why -> failures.add(
                            new Refusal.Unreached(session.node(), answer.get().node(), why)));
        }
        return failures.isEmpty() ? Optional.empty() : Optional.of(new Refusal.VpcBlocked(failures));
    }
}
