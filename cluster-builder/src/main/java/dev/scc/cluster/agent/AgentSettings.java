package dev.scc.cluster.agent;

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
 * @param insecureZooKeeper whether ZooKeeper is an ensemble of somebody else's, which lets everybody do everything
 */
public record AgentSettings(
        String server,
        NodeName node,
        String underlay,
        String rdma,
        Path data,
        int port,
        String version,
        boolean insecureZooKeeper) {}
