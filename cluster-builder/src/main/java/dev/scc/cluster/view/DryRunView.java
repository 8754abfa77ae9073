package dev.scc.cluster.view;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Roster;
import dev.scc.cluster.plan.DryRun;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.List;

/**
 * What a create would do.
 *
 * @param refused why it would not be done; empty if it would
 * @param operations of the one transaction that would assign all nodes
 * @param unsuitable nodes that would not be taken, each with the reason
 */
public record DryRunView(
        ClusterName cluster,
        String refused,
        String vpc,
        String segment,
        int operations,
        List<Node> nodes,
        List<String> unsuitable)
        implements PoolView {
    public DryRunView {
        nodes = List.copyOf(nodes);
        unsuitable = List.copyOf(unsuitable);
    }

    /** @param steps that its agent would take */
    public record Node(NodeName name, Ipv4 vpcIp, Ipv4 rdmaIp, String rdmaDevice, List<String> steps) {
        public Node {
            steps = List.copyOf(steps);
        }
    }

    public static DryRunView of(ClusterName cluster, DryRun.Forecast forecast) {
        return switch (forecast) {
            case DryRun.Impossible no -> new DryRunView(cluster, no.why(), "", "", 0, List.of(), no.unsuitable());
            case DryRun.Possible yes -> possible(cluster, yes);
        };
    }

    private static DryRunView possible(ClusterName cluster, DryRun.Possible forecast) {
        Roster roster = forecast.roster();
        return new DryRunView(
                cluster,
                "",
                roster.vpc().name() + ", VNI " + roster.vpc().vni() + ", "
                        + roster.vpc().cidr(),
                "VLAN " + roster.segment().vlan() + ", " + roster.segment().cidr(),
                forecast.operations(),
                roster.members().stream()
                        .map(member -> new Node(
                                member.node(),
                                member.vpcAddress(),
                                member.rdmaAddress(),
                                member.rdmaDevice(),
                                forecast.steps().getOrDefault(member.node(), List.of())))
                        .toList(),
                forecast.unsuitable());
    }
}
