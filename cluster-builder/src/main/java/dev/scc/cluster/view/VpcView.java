package dev.scc.cluster.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Roster;
import dev.scc.cluster.world.Vpc;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One VPC and who is in it.
 *
 * @param cidr6 its addresses of IPv6; empty if it has none
 * @param mtu in bytes; empty if that is not known
 * @param owner such as {@code user:ada}; empty if that is not known
 * @param own whether it is a cluster's own, and goes with it
 * @param containers whether nodes may put their containers into it by themselves
 * @param encrypted whether its packets pass the underlay in tunnels
 */
public record VpcView(
        String vpc,
        int vni,
        Cidr cidr,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) @Later Optional<Cidr6> cidr6,
        Optional<Integer> mtu,
        String owner,
        boolean own,
        boolean containers,
        @Later boolean encrypted,
        List<Place> members)
        implements PoolView {
    public VpcView {
        members = List.copyOf(members);
    }

    /**
     * An address that somebody has.
     *
     * @param who such as {@code cluster demo}
     */
    public record Place(String who, NodeName node, Ip address) {}

    /** One that lives by itself. */
    public static VpcView of(VpcList.Row row, Vpc vpc) {
        return new VpcView(
                row.vpc(),
                row.vni(),
                row.cidr(),
                row.cidr6(),
                Optional.of(vpc.value().mtu()),
                row.owner(),
                false,
                vpc.value().containers(),
                vpc.value().encrypted(),
                vpc.holdings().values().stream()
                        .flatMap(held -> places(held.value()))
                        .toList());
    }

    /** @param roster of the cluster whose own it is; empty if it is gone */
    public static VpcView own(VpcList.Row row, Optional<Roster> roster) {
        return new VpcView(
                row.vpc(),
                row.vni(),
                row.cidr(),
                row.cidr6(),
                roster.flatMap(known -> known.vpc().mtu()),
                row.owner(),
                true,
                false,
                false,
                roster.map(known -> Holding.of(known.cluster(), known.vpc(), known.members(), List.of())).stream()
                        .flatMap(VpcView::places)
                        .toList());
    }

    private static Stream<Place> places(Holding holding) {
        return holding.members().stream()
                .flatMap(member -> member.addresses().all().stream()
                        .map(address -> new Place(holding.who(), member.node(), address)));
    }
}
