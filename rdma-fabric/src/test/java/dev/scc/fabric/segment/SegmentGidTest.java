package dev.scc.fabric.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.GidEntry;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.CapturedTree;
import dev.scc.fabric.inventory.RdmaSysfs;
import dev.scc.host.Ipv4;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentGidTest {
    private static final String PORT = "sys/class/infiniband/rxe0/ports/1/";

    @TempDir
    private Path root;

    @Test
    void aGidThatIsThereIsReturnedAtOnce() throws Exception {
        CapturedTree.layOut("rxe-node.tree", root);

        GidEntry gid = SegmentGid.await(
                new RdmaSysfs(root), "rxe0", "eth1", new VlanId(70), Ipv4.parse("10.70.0.1"), Duration.ZERO);

        assertThat(gid.index()).isEqualTo(1);
    }

    @Test
    void aGidThatAppearsLaterIsWaitedFor() throws Exception {
        CapturedTree.layOut("rxe-node.tree", root);
        try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<GidEntry> gid = background.submit(() -> SegmentGid.await(
                    new RdmaSysfs(root),
                    "rxe0",
                    "eth1",
                    new VlanId(71),
                    Ipv4.parse("10.71.0.1"),
                    Duration.ofSeconds(30)));

            CapturedTree.write(root, PORT + "gid_attrs/types/3", "RoCE v2");
            CapturedTree.write(root, PORT + "gid_attrs/ndevs/3", "eth1.71");
            CapturedTree.write(root, PORT + "gids/3", "0000:0000:0000:0000:0000:ffff:0a47:0001");

            assertThat(gid.get(30, TimeUnit.SECONDS).netdev()).isEqualTo("eth1.71");
        }
    }

    @Test
    void aGidThatDoesNotAppearIsReportedWithWhatIsThereInstead() throws IOException {
        CapturedTree.layOut("rxe-node.tree", root);

        assertThatThrownBy(() -> SegmentGid.await(
                        new RdmaSysfs(root),
                        "rxe0",
                        "eth1",
                        new VlanId(71),
                        Ipv4.parse("10.71.0.1"),
                        Duration.ofMillis(50)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageStartingWith(
                        "RDMA device rxe0 has no RoCE v2 GID for 10.71.0.1 on eth1.71 after 50 ms; it has ")
                .hasMessageContaining("0000:0000:0000:0000:0000:ffff:0a46:0001 (RoCE v2, eth1.70)");
    }
}
