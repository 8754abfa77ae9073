package dev.scc.cli.view;

import java.util.List;

/**
 * A cluster in full.
 *
 * @param phase such as {@code Ready}
 * @param reason why it is in that phase, if that needs saying; else empty
 * @param revision from 1
 * @param phases what its creation spent its time on, in order
 */
public record ClusterView(
        String cluster,
        String phase,
        String reason,
        int revision,
        List<Node> nodes,
        Vpc vpc,
        Segment segment,
        List<PhaseTime> phases,
        Verification verification)
        implements View {
    public ClusterView {
        nodes = List.copyOf(nodes);
        phases = List.copyOf(phases);
    }

    /** {@code gid} is empty and {@code gidIndex} -1 until the node has reported them. */
    public record Node(String name, String vpcIp, String rdmaIp, String rdmaDevice, String gid, int gidIndex) {}

    public record Vpc(String name, int vni, String cidr) {}

    public record Segment(int vlan, String cidr) {}

    /** {@code pattern} is {@code full}, {@code quick} or {@code off}. */
    public record Verification(String pattern, int pairs, int passed, List<FailedPair> failed, List<String> suspects) {
        public Verification {
            failed = List.copyOf(failed);
            suspects = List.copyOf(suspects);
        }
    }

    public record FailedPair(String a, String b, String why) {}
}
