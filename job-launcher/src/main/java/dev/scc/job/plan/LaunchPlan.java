package dev.scc.job.plan;

import dev.scc.cluster.Member;
import dev.scc.job.MpiFamily;
import dev.scc.job.Transport;
import java.util.List;

/**
 * Where the ranks of a job go and what they talk over.
 *
 * @param transport from node to node; {@link Transport#NONE} on a single node, and for commands without MPI
 * @param placements at least one, in rank order; the first is on the lead node
 */
public record LaunchPlan(MpiFamily family, Transport transport, List<Placement> placements) {
    public LaunchPlan {
        placements = List.copyOf(placements);
        if (placements.isEmpty()) {
            throw new IllegalArgumentException("launch plan places no rank");
        }
    }

    public int ranks() {
        return placements.stream().mapToInt(Placement::count).sum();
    }

    /** Whether nodes of the job need to reach each other in the cluster's VPC: for what ranks say, or what starts them. */
    public boolean overVpc() {
        return family == MpiFamily.TORCH
                || (placements.size() > 1 && (transport == Transport.TCP || family == MpiFamily.OPENMPI));
    }

    public Member lead() {
        return placements.getFirst().member();
    }
}
