package dev.scc.cluster.view;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.scc.cluster.Pools;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Later;
import dev.scc.vpc.VpcName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All VPCs by name: those that live by themselves, and those that clusters have of their own. */
public record VpcList(@JsonValue List<Row> vpcs) implements PoolView {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public VpcList {
        vpcs = List.copyOf(vpcs);
    }

    /**
     * One of them.
     *
     * @param cidr6 its addresses of IPv6; empty if it has none
     * @param owner such as {@code user:ada}; empty if that is not known
     * @param own whether it is a cluster's own, and goes with it
     * @param encrypted whether its packets pass the underlay in tunnels
     * @param users who is in it, such as {@code cluster demo}
     */
    public record Row(
            String vpc,
            int vni,
            Cidr cidr,

            @JsonInclude(JsonInclude.Include.NON_ABSENT) @Later
            Optional<Cidr6> cidr6,

            String owner,
            boolean own,
            @Later boolean encrypted,
            List<String> users) {
        public Row {
            users = List.copyOf(users);
        }
    }

    public static VpcList of(World world) {
        List<Row> rows = new ArrayList<>();
        world.vpcs().values().forEach(vpc -> rows.add(row(vpc)));
        world.pools().value().networks().entrySet().stream()
                .filter(taken ->
                        !world.vpcs().containsKey(new VpcName(taken.getValue().vpc())))
                .forEach(taken -> rows.add(own(taken)));
        rows.sort(Comparator.comparing(Row::vpc).thenComparingInt(Row::vni));
        return new VpcList(rows);
    }

    private static Row row(Vpc vpc) {
        return new Row(
                vpc.value().name().value(),
                vpc.value().vni().value(),
                vpc.value().cidr(),
                vpc.value().cidr6(),
                vpc.value().owner().map(Principal::toString).orElse(""),
                false,
                vpc.value().encrypted(),
                List.copyOf(vpc.users()));
    }

    private static Row own(Map.Entry<Integer, Pools.Taken> taken) {
        return new Row(
                taken.getValue().vpc(),
                taken.getKey(),
                taken.getValue().vpcCidr(),
                Optional.empty(),
                "",
                true,
                false,
                List.of("cluster " + taken.getValue().cluster()));
    }
}
