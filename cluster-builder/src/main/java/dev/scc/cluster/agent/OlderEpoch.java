package dev.scc.cluster.agent;

import dev.scc.cluster.NodeStatus;
import java.util.List;

/**
 * Why an assignment is refused: a controller that came later has been obeyed before.
 *
 * @param assigned the epoch of the assignment
 * @param obeyed the highest epoch that this node has obeyed
 */
public record OlderEpoch(long assigned, long obeyed) {
    /** What the node says then. Who owns the pool has to decide. */
    public NodeStatus.StepFailed refusal() {
        return new NodeStatus.StepFailed(
                "obey",
                "this node has obeyed epoch " + obeyed + ", and the assignment is of epoch " + assigned
                        + ": has the server lost its data, or an older copy of them? If what it had is gone for good, stop"
                        + " this node's agent, remove ledger.json from its data directory, and start it again",
                List.of());
    }
}
