package dev.scc.job;

import dev.scc.cluster.ClusterName;
import dev.scc.host.NodeName;
import java.util.List;

/**
 * What a job did, with the counters that prove which transport it used. The names of the fields are part of the command
 * line's contract.
 *
 * @param transport {@link Transport#RDMA} only where the RDMA counters of every node of a job on several nodes moved, both
 *     sent and received
 * @param nodes those that ran ranks
 */
public record Receipt(
        JobId job,
        ClusterName cluster,
        MpiFamily mpi,
        int ranks,
        int exitCode,
        Transport transport,
        List<NodeUse> nodes,
        List<Phase> phases) {
    public Receipt {
        nodes = List.copyOf(nodes);
        phases = List.copyOf(phases);
    }

    /**
     * What one node's RDMA device sent and received while the job ran.
     *
     * @param device empty where the node has none
     */
    public record NodeUse(NodeName name, String device, long sentPackets, long receivedPackets) {}

    /** How long one phase of the job took. */
    public record Phase(String name, long millis) {}
}
