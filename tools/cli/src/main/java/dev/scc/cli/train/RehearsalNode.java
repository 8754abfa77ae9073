package dev.scc.cli.train;

import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.NodeNetwork;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;

/** A node that is this machine's loopback interface and an RDMA device in name only: nothing can be verified on it. */
record RehearsalNode() implements NodeNetwork {
    static final String RDMA_NETDEV = "rehearsal";

    private static final ClusterNetworks NETWORKS = new ClusterNetworks("lo");

    static NodeInventory inventory() {
        return NodeInventory.of(
                System.getProperty("os.version"),
                1,
                Runtime.getRuntime().maxMemory(),
                List.of(new Nic("lo", "00:00:00:00:00:00", 65536, "UP", List.of("127.0.0.1/8"))),
                List.of(new RdmaDevice("rehearsal0", RDMA_NETDEV, "ACTIVE", 1024, List.of())));
    }

    @Override
    public ClusterNetworks networks() {
        return NETWORKS;
    }

    @Override
    public Optional<NodeStatus.SegmentAddress> reached(Roster roster, NodeName self) {
        return Optional.empty();
    }
}
