package dev.scc.job.node;

import dev.scc.fabric.GidEntry;
import dev.scc.fabric.inventory.Gids;
import dev.scc.fabric.inventory.RdmaCounters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this node's RDMA device says that a job needs to know; where there is none, nothing. */
record RdmaFacts(NodeOrder.Open open) {
    private static final Logger log = LoggerFactory.getLogger(RdmaFacts.class);
    private static final Pattern EGRESS =
            Pattern.compile("^ *EGRESS priority mappings:(?: \\d+:\\d+)*? 0:([0-7])\\b", Pattern.MULTILINE);

    private boolean absent() {
        return open.rdmaDevice().isEmpty();
    }

    /** Of the segment's GID, now. */
    Optional<Integer> gidIndex() {
        if (absent()) {
            return Optional.empty();
        }
        Optional<Integer> index = Optional.empty();
        try {
            index = Gids.find(open.rdmaDevice(), open.rdmaAddress(), open.rdmaNetdev())
                    .map(GidEntry::index);
        } catch (IOException e) {
            log.atDebug().addKeyValue("job", open.job()).setCause(e).log("no GID");
        }
        return index;
    }

    /**
     * The type of service that the site has given to connections of rdma_cm over the device, see configfs-rdma_cm in the
     * kernel's ABI documentation; for libraries that make theirs without rdma_cm.
     */
    Optional<Integer> trafficClass() {
        if (absent()) {
            return Optional.empty();
        }
        Optional<Integer> tos = Optional.empty();
        try {
            tos = Optional.of(Integer.valueOf(Files.readString(
                            Path.of("/sys/kernel/config/rdma_cm", open.rdmaDevice(), "ports/1/default_roce_tos"))
                    .strip()));
        } catch (IOException | NumberFormatException e) {
            log.atTrace().addKeyValue("job", open.job()).log("the site has set no type of service");
        }
        return tos.filter(value -> value > 0);
    }

    /**
     * The priority in the VLAN header that the segment's device gives to priority 0; for libraries that make their queue pairs
     * without rdma_cm, which follows it by itself. On RoCE a queue pair's service level is that priority.
     */
    Optional<Integer> serviceLevel() {
        if (absent()) {
            return Optional.empty();
        }
        Optional<Integer> level = Optional.empty();
        try {
            level = egress(Files.readString(Path.of("/proc/net/vlan", open.rdmaNetdev())));
        } catch (IOException e) {
            log.atTrace().addKeyValue("job", open.job()).log("the segment is not on a VLAN");
        }
        return level;
    }

    /** Where priority 0 goes, of what {@code /proc/net/vlan/DEVICE} says (vlanproc.c); empty if it stays. */
    static Optional<Integer> egress(String vlan) {
        return EGRESS.matcher(vlan)
                .results()
                .map(line -> Integer.valueOf(line.group(1)))
                .filter(priority -> priority > 0)
                .findFirst();
    }

    /** What it has counted. */
    Optional<NodeEvent.Packets> packets() {
        if (absent()) {
            return Optional.empty();
        }
        Optional<NodeEvent.Packets> packets = Optional.empty();
        try {
            RdmaCounters counters = RdmaCounters.read(open.rdmaDevice());
            packets = Optional.of(new NodeEvent.Packets(counters.sentPackets(), counters.receivedPackets()));
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("job", open.job())
                    .addKeyValue("why", e.getMessage())
                    .log("no RDMA counters for the receipt");
        }
        return packets;
    }
}
