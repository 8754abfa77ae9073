package dev.scc.cluster.agent;

import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.host.NodeName;
import java.nio.file.Path;

/**
 * What an agent is started with.
 *
 * @param server where ZooKeeper is, {@code host:port} with commas between several
 * @param underlay the interface that carries VPC packets; its first IPv4 address is the node's, for gRPC too
 * @param rdma the Ethernet interface that segments are made on
 * @param data directory of its own; made if it is not there
 * @param port of the gRPC service; 0 takes a free one
 * @param version of this software
 * @param door how ZooKeeper is reached
 */
public record AgentSettings(
        String server,
        NodeName node,
        String underlay,
        String rdma,
        Path data,
        int port,
        String version,
        EnsembleDoor door) {

    /** The same where ZooKeeper is elsewhere. */
    public AgentSettings with(String zooKeeper, EnsembleDoor through) {
        return new AgentSettings(zooKeeper, node, underlay, rdma, data, port, version, through);
    }
}
