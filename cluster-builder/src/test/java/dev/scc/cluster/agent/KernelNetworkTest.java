package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Member;
import dev.scc.fabric.inventory.DeviceCheck;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.inventory.RdmaSysfs;
import dev.scc.fabric.loopback.LoopbackOutcome;
import dev.scc.fabric.loopback.LoopbackPlace;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathProber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    private final List<LoopbackPlace> places = new CopyOnWriteArrayList<>();
    private boolean hangs;
    private LoopbackOutcome outcome = new LoopbackOutcome.Passed(1);

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
                PathProber.ofModel(),
                this::loopback);
    }

    private LoopbackOutcome loopback(LoopbackPlace place) throws InterruptedException {
        places.add(place);
        if (hangs) {
            new CountDownLatch(1).await();
        }
        return outcome;
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

    private static LoopbackOutcome await(CompletableFuture<LoopbackOutcome> ended) throws Exception {
        return ended.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aDeviceTalksToItselfAtTheAddressOfItsInterface() throws Exception {
        CompletableFuture<LoopbackOutcome> ended = new CompletableFuture<>();

        network.check("mlx5_0", "eth1", HAS, ended::complete);

        assertThat(await(ended)).isEqualTo(new LoopbackOutcome.Passed(1));
        assertThat(places).containsExactly(new LoopbackPlace("mlx5_0", "eth1", List.of(Ipv4.parse("10.50.0.1"))));
    }

    @Test
    void whatFailsNamesTheDevice() throws Exception {
        outcome = new LoopbackOutcome.Failed("a SEND did not arrive");
        CompletableFuture<LoopbackOutcome> ended = new CompletableFuture<>();

        network.check("mlx5_0", "eth1", HAS, ended::complete);

        assertThat(await(ended))
                .isEqualTo(new LoopbackOutcome.Failed("RDMA device mlx5_0 fails alone: a SEND did not arrive"));
    }

    @Test
    void aCheckThatIsCancelledEndsAndSaysNothingOfTheDevice() throws Exception {
        hangs = true;
        CompletableFuture<LoopbackOutcome> ended = new CompletableFuture<>();

        network.check("mlx5_0", "eth1", HAS, ended::complete).cancel();

        assertThat(await(ended)).isEqualTo(new LoopbackOutcome.NotTried("the check was cancelled"));
    }

    @Test
    void ofANodeInNameOnlyNothingIsTried() throws Exception {
        CompletableFuture<LoopbackOutcome> ended = new CompletableFuture<>();

        new KernelNetwork("eth0").check("mlx5_0", "eth1", HAS, ended::complete);

        assertThat(await(ended)).isEqualTo(new LoopbackOutcome.NotTried("RDMA device mlx5_0 is in name only"));
    }
}
