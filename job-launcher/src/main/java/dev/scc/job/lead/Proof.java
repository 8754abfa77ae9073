package dev.scc.job.lead;

import dev.scc.job.Receipt;
import dev.scc.job.Transport;
import dev.scc.job.plan.LaunchPlan;
import java.util.List;

/**
 * Which transport a job can be said to have used. RDMA only if the counters of every one of several nodes moved, both ways.
 * Where it was planned and they did not, nothing can have gone another way, because everything else was switched off: the
 * ranks had nothing to say to each other, or failed before they did.
 */
record Proof(Transport transport, List<String> notices) {
    Proof {
        notices = List.copyOf(notices);
    }

    static Proof of(LaunchPlan plan, List<Receipt.NodeUse> uses) {
        if (plan.transport() != Transport.RDMA) {
            return new Proof(plan.transport(), List.of());
        }
        List<String> still = uses.stream()
                .filter(use -> use.sentPackets() <= 0 || use.receivedPackets() <= 0)
                .map(use -> use.name().value())
                .toList();
        if (still.isEmpty()) {
            return new Proof(Transport.RDMA, List.of());
        }
        return new Proof(
                Transport.NONE,
                List.of("the RDMA counters of " + String.join(", ", still)
                        + " did not move, so nothing proves that this job used RDMA between all its nodes; its other"
                        + " transports were switched off"));
    }
}
