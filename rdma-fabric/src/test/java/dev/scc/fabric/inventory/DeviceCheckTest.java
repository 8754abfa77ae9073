package dev.scc.fabric.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceCheckTest {
    private static final String PORT = "sys/class/infiniband/rxe0/ports/1/";

    @TempDir
    Path root;

    private DeviceCheck check;

    @BeforeEach
    void node() throws IOException {
        CapturedTree.layOut("rxe-node.tree", root);
        CapturedTree.write(root, PORT + "gids/4", "0000:0000:0000:0000:0000:ffff:0a32:0001");
        CapturedTree.write(root, PORT + "gid_attrs/types/4", "RoCE v2");
        CapturedTree.write(root, PORT + "gid_attrs/ndevs/4", "eth1");
        check = new DeviceCheck(new RdmaSysfs(root));
        check.note("rxe0");
    }

    private void set(String file, String content) throws IOException {
        CapturedTree.write(root, PORT + file, content);
    }

    private java.util.Optional<String> worse() {
        return check.worse("rxe0", "eth1", List.of("10.50.0.1/24"));
    }

    @Test
    void aDeviceThatIsAsItWasIsNotWorse() throws IOException {
        assertThat(worse()).isEmpty();

        set("hw_counters/completer_retry_err", "5000");
        set("hw_counters/link_downed", "3");
        assertThat(worse()).as("what the fabric and a new MTU count").isEmpty();
    }

    @Test
    void aPortThatIsDownIsNamed() throws IOException {
        set("state", "1: DOWN");

        assertThat(worse()).contains("port 1 of RDMA device rxe0 is DOWN (ip link show dev eth1)");
    }

    @Test
    void theGidOfItsOwnAddressHasToBeThere() throws IOException {
        set("gids/4", "0000:0000:0000:0000:0000:0000:0000:0000");

        assertThat(worse()).contains("RDMA device rxe0 has no GID for 10.50.0.1 of eth1");
        assertThat(check.worse("rxe0", "eth1", List.of())).isEmpty();
    }

    @Test
    void aLinkThatHasCountedErrorsMeanwhileIsWorse() throws IOException {
        set("hw_counters/link_downed", "11");

        assertThat(worse()).contains("link_downed of RDMA device rxe0 rose by 11 while the node was in a cluster");
        check.note("rxe0");
        assertThat(worse()).isEmpty();
    }

    @Test
    void ofADeviceThatWasNotNotedCountersSayNothing() throws IOException {
        set("hw_counters/link_downed", "11");

        assertThat(new DeviceCheck(new RdmaSysfs(root)).worse("rxe0", "eth1", List.of()))
                .isEmpty();
    }

    @Test
    void aLinkThatCarriesLessThanBeforeIsWorse() throws IOException {
        set("rate", "100 Gb/sec (4X EDR)");
        check.note("rxe0");
        set("rate", "25 Gb/sec (1X EDR)");
        assertThat(worse()).contains("the link of RDMA device rxe0 has 25 Gb/sec (1X EDR) and had 100 Gb/sec (4X EDR)");

        set("rate", "200 Gb/sec (4X HDR)");
        assertThat(worse()).as("more is not worse").isEmpty();
        set("rate", "unknown");
        assertThat(worse()).as("what the kernel does not say").isEmpty();
    }

    @Test
    void aDeviceThatIsGoneIsWorse() throws IOException {
        FileTree.remove(root.resolve("sys/class/infiniband/rxe0"));

        assertThat(worse()).contains("RDMA device rxe0 is gone");
    }
}
