package dev.scc.cluster.agent;

import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;

/**
 * Who an agent is and how it is reached.
 *
 * @param instance tells its data directory from any other's
 * @param address host and port of its gRPC service
 * @param rdmaNetdev the Ethernet interface that segments are made on
 */
public record Identity(
        NodeName node, String instance, Ipv4 underlay, String address, String rdmaNetdev, String version) {

    /** The same agent, reached there. */
    Identity at(String elsewhere) {
        return new Identity(node, instance, underlay, elsewhere, rdmaNetdev, version);
    }
}
