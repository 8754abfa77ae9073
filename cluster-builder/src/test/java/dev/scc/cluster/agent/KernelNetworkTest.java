package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Member;
import dev.scc.fabric.inventory.DeviceCheck;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.inventory.RdmaSysfs;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathProber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelNetworkTest {
    private static final String PORT = "sys/class/infiniband/mlx5_0/ports/1/";
    private static final NodeInventory HAS = NodeInventory.of(
            "6.8",
            1,
            1 << 30,
            List.of(new Nic("eth1", "52:54:00:00:00:02", 4200, "UP", List.of("10.50.0.1/24"))),
            List.of());

    @TempDir
    private Path root;

    private NodeNetwork network;

    @BeforeEach
    void node() throws IOException {
        set("state", "4: ACTIVE");
        set("counters/symbol_error", "5");
        set("gids/0", "0000:0000:0000:0000:0000:ffff:0a32:0001");
        set("gid_attrs/types/0", "RoCE v2");
        set("gid_attrs/ndevs/0", "eth1");
        network = new KernelNetwork(
                new ClusterNetworks("eth0"),
                Optional.empty(),
                new DeviceCheck(new RdmaSysfs(root)),
                PathProber.ofModel());
    }

    private void set(String file, String content) throws IOException {
        Path path = root.resolve(PORT + file);
        Files.createDirectories(path.resolveSibling("."));
        Files.writeString(path, content + "\n");
    }

    private static Member member(String device) {
        return new Member(
                new NodeName("n1"),
                Ipv4.parse("10.99.0.1"),
                "10.99.0.1:7070",
                Ipv4.parse("172.16.0.1"),
                Ipv4.parse("10.70.0.1"),
                device,
                "eth1");
    }

    @Test
    void aDeviceThatComesBackAsItWasEntrustedIsNotWorse() {
        network.entrust(member("mlx5_0"));

        assertThat(network.worse(member("mlx5_0"), HAS)).isEmpty();
    }

    @Test
    void errorsOfItsLinkCountFromTheMomentThatItWasEntrusted() throws IOException {
        network.entrust(member("mlx5_0"));
        set("counters/symbol_error", "4711");

        assertThat(network.worse(member("mlx5_0"), HAS))
                .contains("symbol_error of RDMA device mlx5_0 rose by 4706 while the node was in a cluster");
        network.entrust(member("mlx5_0"));
        assertThat(network.worse(member("mlx5_0"), HAS)).isEmpty();
    }

    @Test
    void theAddressOfItsInterfaceNeedsItsGid() throws IOException {
        set("gid_attrs/ndevs/0", "eth1.70");

        assertThat(network.worse(member("mlx5_0"), HAS))
                .contains("RDMA device mlx5_0 has no GID for 10.50.0.1 of eth1");
    }

    @Test
    void aMemberWithoutADeviceHasNoneThatCouldBeWorse() {
        network.entrust(member(""));

        assertThat(network.worse(member(""), HAS)).isEmpty();
    }
}
