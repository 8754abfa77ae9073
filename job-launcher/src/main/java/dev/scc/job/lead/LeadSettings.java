package dev.scc.job.lead;

import dev.scc.cluster.rpc.Connections;
import dev.scc.job.Tasks;
import java.time.Duration;

/**
 * How a lead runs jobs.
 *
 * @param connections by which it reaches the other nodes
 * @param tasks how it waits
 * @param vpcInterface each node's interface in the cluster's VPC
 * @param opening how long a node may take to get ready
 * @param beat how often a node is asked whether it lives
 * @param lost how long a node may take to answer that before it counts as lost; emulated nodes under load take seconds
 * @param closing how long a node may take to end its part
 * @param members how often it is asked whether all nodes of a job are still members of its cluster
 */
public record LeadSettings(
        Connections connections,
        Tasks tasks,
        String vpcInterface,
        Duration opening,
        Duration beat,
        Duration lost,
        Duration closing,
        Duration members) {

    /** On threads of their own. */
    public LeadSettings(
            Connections connections,
            String vpcInterface,
            Duration opening,
            Duration beat,
            Duration lost,
            Duration closing,
            Duration members) {
        this(connections, Tasks.ofThreads(), vpcInterface, opening, beat, lost, closing, members);
    }

    public static LeadSettings usual(Connections connections) {
        return usual(connections, Tasks.ofThreads());
    }

    /** The same, for whoever waits otherwise. */
    public static LeadSettings usual(Connections connections, Tasks tasks) {
        return new LeadSettings(
                connections,
                tasks,
                "eni0",
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                Duration.ofSeconds(8),
                Duration.ofSeconds(20),
                Duration.ofSeconds(5));
    }
}
