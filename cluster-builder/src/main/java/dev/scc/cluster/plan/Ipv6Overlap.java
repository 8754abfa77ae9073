package dev.scc.cluster.plan;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.Obstruction;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Pools;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr6;
import dev.scc.vpc.VpcName;
import java.util.List;
import java.util.Optional;

/**
 * Whether a VPC's addresses of IPv6 would meet others on a node: those of another VPC, or what the node has to go on reaching. Pure.
 */
record Ipv6Overlap(World world, Node node) {

    /** What the node is in that overlaps the VPC, in words such as {@code has eni-5f0c12ab in VPC lab, fd00::/64}; empty if nothing. */
    Optional<String> with(Vpc vpc) {
        Optional<Cidr6> six = vpc.value().cidr6();
        return six.flatMap(
                cidr -> ofEnis(vpc, cidr).or(() -> ofCluster(vpc, cidr)).or(() -> ofNode(cidr)));
    }

    private Optional<String> ofNode(Cidr6 six) {
        return node.inventory()
                .flatMap(inventory -> Obstruction.of(List.of(six), inventory.has()))
                .map(what -> "has to reach " + what);
    }

    private Optional<String> ofEnis(Vpc vpc, Cidr6 six) {
        for (Plug plug : world.plugs(node.name()).besides(vpc.value().network())) {
            Optional<Cidr6> other = plug.vpc().cidr6().filter(six::overlaps);
            if (other.isPresent()) {
                return Optional.of("has " + plug.eni() + " in VPC " + plug.vpc().name() + ", " + other.get()
                        + ", which overlaps " + six);
            }
        }
        return Optional.empty();
    }

    private Optional<String> ofCluster(Vpc vpc, Cidr6 six) {
        int number = switch (node.assignment().value()) {
            case Assignment.Free _ -> 0;
            case Assignment.Serve serve -> serve.network();
            case Assignment.Leave leave -> leave.network();
        };
        return Optional.ofNullable(world.pools().value().networks().get(number))
                .map(Pools.Taken::vpc)
                .filter(name -> !name.equals(vpc.value().name().value()))
                .flatMap(name -> Optional.ofNullable(world.vpcs().get(new VpcName(name))))
                .flatMap(other -> other.value().cidr6())
                .filter(six::overlaps)
                .map(other -> "is in the VPC of a cluster, " + other + ", which overlaps " + six);
    }
}
