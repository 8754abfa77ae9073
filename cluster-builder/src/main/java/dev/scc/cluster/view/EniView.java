package dev.scc.cluster.view;

import dev.scc.cluster.Plug;
import dev.scc.cluster.trust.Principal;
import dev.scc.host.Ipv4;
import dev.scc.host.Mac;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import java.util.List;
import java.util.Locale;

/**
 * One ENI.
 *
 * @param groups its security groups; there are none yet
 * @param place where its interface is: {@code node} is the node's own namespace
 * @param phase {@code attaching}, {@code attached} or {@code detaching}
 * @param owner such as {@code user:ada}; empty if that is not known
 */
public record EniView(
        EniId eni,
        String vpc,
        NodeName node,
        int slot,
        List<Ipv4> addresses,
        Mac mac,
        List<String> groups,
        String place,
        String phase,
        String owner)
        implements PoolView {
    public EniView {
        addresses = List.copyOf(addresses);
        groups = List.copyOf(groups);
    }

    static EniView of(NodeName node, Plug plug) {
        return new EniView(
                plug.eni(),
                plug.vpc().name(),
                node,
                plug.slot(),
                List.of(plug.address()),
                Mac.of(plug.address()),
                List.of(),
                "node",
                plug.phase().name().toLowerCase(Locale.ROOT),
                plug.owner().map(Principal::toString).orElse(""));
    }
}
