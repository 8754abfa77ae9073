package dev.scc.cluster.verify;

import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathOutcome;
import dev.scc.vpc.Tunnel;
import dev.scc.vpc.VpcPlanner;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The path between two members of a VPC, as its two ends say. Each end's probes go both ways, so one that passed is enough, unless
 * the other end says that its own failed.
 *
 * @param encrypted whether the underlay sees a tunnel's packets, not VXLAN's
 */
public record VpcPath(boolean encrypted, End a, End b) {

    /**
     * One of its ends.
     *
     * @param underlay where packets for it go
     * @param said what came of its probes to the other
     */
    public record End(NodeName node, Ipv4 underlay, PathOutcome said) {
        @Override
        public String toString() {
            return node + " (" + underlay + ")";
        }
    }

    /** Whether packets as large as the VPC's MTU pass, both ways. */
    public boolean ok() {
        boolean passed = false;
        boolean failed = false;
        for (PathOutcome said : List.of(a.said(), b.said())) {
            switch (said) {
                case PathOutcome.Passed _ -> passed = true;
                case PathOutcome.NotTried _ -> {}
                case PathOutcome.Narrow _, PathOutcome.Silent _, PathOutcome.Unable _ -> failed = true;
            }
        }
        return passed && !failed;
    }

    /** The size of what passed, in bytes; empty if nothing of full size did. */
    Optional<Integer> mtu() {
        return said(PathOutcome.Passed.class).map(PathOutcome.Passed::mtu).findFirst();
    }

    /** Packets of a smaller size pass. */
    Optional<PathOutcome.Narrow> narrow() {
        return said(PathOutcome.Narrow.class).findFirst();
    }

    /** How large a packet of the VPC is on the underlay; both in bytes. */
    int onUnderlay(int size) {
        return size + VpcPlanner.overhead(encrypted);
    }

    /** What the underlay must let through, such as {@code UDP port 4789 (VXLAN)}. */
    String carrier() {
        return encrypted
                ? "UDP port %d (WireGuard)".formatted(Tunnel.PORT)
                : "UDP port %d (VXLAN)".formatted(VpcPlanner.PORT);
    }

    /** Nothing passes, as far as an end can tell. */
    boolean silent() {
        return said(PathOutcome.Silent.class).findFirst().isPresent();
    }

    private <T extends PathOutcome> Stream<T> said(Class<T> kind) {
        return Stream.of(a.said(), b.said()).filter(kind::isInstance).map(kind::cast);
    }

    boolean has(NodeName node) {
        return a.node().equals(node) || b.node().equals(node);
    }

    /** Why it is not ok, for a person; empty if it is. */
    public String why() {
        if (ok()) {
            return "";
        }
        for (End end : List.of(a, b)) {
            if (end.said() instanceof PathOutcome.Unable unable) {
                return end + " cannot send to " + other(end) + ": " + unable.why();
            }
        }
        Optional<PathOutcome.Narrow> narrow = narrow();
        if (narrow.isPresent()) {
            int mtu = narrow.get().mtu();
            return "between %s and %s packets of up to %d bytes pass, and the VPC's MTU is %d: the underlay carries less than %d bytes there"
                    .formatted(a, b, narrow.get().passes(), mtu, onUnderlay(mtu));
        }
        return silence();
    }

    private String silence() {
        if (!(a.said() instanceof PathOutcome.Silent ofA)) {
            return b.said() instanceof PathOutcome.Silent ? oneSided(b) : "neither end has said anything: " + a.said();
        }
        if (!(b.said() instanceof PathOutcome.Silent ofB)) {
            return oneSided(a);
        }
        if (ofA.heard() == ofB.heard()) {
            return "no answer between " + a + " and " + b + ", whatever the packets' size";
        }
        End heard = ofA.heard() ? b : a;
        return "packets from %s to %s are lost, those the other way arrive".formatted(other(heard), heard);
    }

    private String oneSided(End end) {
        return end + " gets no answer from " + other(end)
                + (other(end).said() instanceof PathOutcome.Passed ? ", which gets one from it" : "");
    }

    private End other(End end) {
        return end.node().equals(a.node()) ? b : a;
    }

    /** The two members. */
    public Pair pair() {
        return new Pair(a.node(), b.node());
    }

    /** The same as one of the pairs that {@link dev.scc.fabric.verify.Verdict} reads. */
    ProbeResult asPair() {
        return ok() ? ProbeResult.passed(pair(), ProbeOutcome.Passed.NOTHING) : ProbeResult.failed(pair(), why());
    }
}
