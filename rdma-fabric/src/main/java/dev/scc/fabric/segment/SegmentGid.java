package dev.scc.fabric.segment;

import dev.scc.fabric.GidEntry;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.Gids;
import dev.scc.fabric.inventory.RdmaSysfs;
import dev.scc.host.Ipv4;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** The GID that a segment's address gives the RDMA device. The kernel adds it a moment after the address. */
public final class SegmentGid {
    private static final Duration PAUSE = Duration.ofMillis(20);

    private SegmentGid() {}

    /**
     * Waits until this machine's RDMA device has the RoCE v2 GID of {@code self} on the segment's VLAN link.
     *
     * @throws TimeoutException if it has not within {@code atMost}; the message says what the device has instead
     * @throws IOException if there is no such device
     */
    public static GidEntry await(String device, String rdmaNetdev, VlanId vlan, Ipv4 self, Duration atMost)
            throws IOException, TimeoutException, InterruptedException {
        return await(RdmaSysfs.local(), device, rdmaNetdev, vlan, self, atMost);
    }

    static GidEntry await(RdmaSysfs sysfs, String device, String rdmaNetdev, VlanId vlan, Ipv4 self, Duration atMost)
            throws IOException, TimeoutException, InterruptedException {
        String link = SegmentLink.name(rdmaNetdev, vlan);
        long end = System.nanoTime() + atMost.toNanos();
        while (true) {
            Optional<GidEntry> found = Gids.find(sysfs, device, self, link);
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() - end >= 0) {
                throw new TimeoutException("RDMA device %s has no RoCE v2 GID for %s on %s after %d ms; it has %s"
                        .formatted(device, self, link, atMost.toMillis(), has(sysfs, device)));
            }
            Thread.sleep(PAUSE);
        }
    }

    private static String has(RdmaSysfs sysfs, String device) throws IOException {
        return String.join(
                ", ",
                sysfs.gids(device).stream()
                        .map(row -> row.gid() + " (" + row.type() + ", " + row.netdev() + ")")
                        .toList());
    }
}
