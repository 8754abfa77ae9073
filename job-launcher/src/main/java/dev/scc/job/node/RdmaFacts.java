package dev.scc.job.node;

import dev.scc.fabric.GidEntry;
import dev.scc.fabric.inventory.Gids;
import dev.scc.fabric.inventory.RdmaCounters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this node's RDMA device says that a job needs to know; where there is none, nothing. */
record RdmaFacts(NodeOrder.Open open) {
    private static final Logger log = LoggerFactory.getLogger(RdmaFacts.class);

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
