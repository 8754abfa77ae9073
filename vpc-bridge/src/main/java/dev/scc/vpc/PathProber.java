package dev.scc.vpc;

import dev.scc.host.Ipv4;
import java.util.Optional;

/** Probes ways from a node to other members of its VPC. Safe for use by several threads. */
public interface PathProber {

    /**
     * One way, there and back.
     *
     * @param device the node's interface in the VPC
     * @param own its address there
     * @param other the other member's
     * @param mtu the VPC's, in bytes; empty if it is that of the interface
     */
    record Path(String device, Ipv4 own, Ipv4 other, Optional<Integer> mtu) {}

    /**
     * Probes it. Takes a round trip if all is well, else a few seconds. Never throws for a path that does not work: that is a result.
     *
     * @throws InterruptedException if the caller gives up
     */
    PathOutcome probe(Path path) throws InterruptedException;

    /** Of a node that is a model: nothing is sent, and nothing is lost. */
    static PathProber ofModel() {
        return path -> new PathOutcome.Passed(path.mtu().orElse(0));
    }
}
