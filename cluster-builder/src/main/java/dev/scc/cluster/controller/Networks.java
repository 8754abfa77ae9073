package dev.scc.cluster.controller;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Pools;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.inventory.Nic;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.vpc.AddressPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which networks a cluster gets: none that overlaps another's, nor one that its nodes are on already. Pure. */
final class Networks {
    private static final Cidr VPC_POOL = Cidr.parse("172.16.0.0/12");
    private static final int VPC_PREFIX = 20;
    private static final Cidr SEGMENT_POOL = Cidr.parse("10.0.0.0/8");
    private static final int SEGMENT_PREFIX = 24;

    private Networks() {}

    /** @param number the VNI, and the VLAN */
    record Choice(int number, Cidr vpcCidr, Cidr rdmaCidr) {}

    /** @throws IllegalArgumentException if there is no such choice; the message says why */
    static Choice choose(ClusterSpec spec, World world, List<Node> nodes) {
        Pools pools = world.pools().value();
        for (Held<ClusterRecord> other : world.clusters().values()) {
            if (other.value().spec().vpcName().equals(spec.vpcName())) {
                throw new IllegalArgumentException("VPC " + spec.vpcName() + " belongs to cluster "
                        + other.value().name() + ", and clusters cannot share a VPC yet; choose another name");
            }
        }
        int number = AddressPlan.number(
                "VNI and VLAN", Pools.FIRST, Pools.LAST, pools.networks().keySet());
        Map<Cidr, String> taken = taken(pools, nodes);
        spec.vpcCidr().ifPresent(cidr -> check("--vpc-cidr", cidr, spec.nodes(), taken));
        spec.rdmaCidr().ifPresent(cidr -> check("--rdma-cidr", cidr, spec.nodes(), taken));
        spec.rdmaCidr().ifPresent(cidr -> taken.put(cidr, "the segment's own " + cidr));
        Cidr vpc = spec.vpcCidr()
                .orElseGet(() -> AddressPlan.subnet(VPC_POOL, prefix(VPC_PREFIX, spec.nodes()), taken.keySet()));
        // Again: now the segment's is known too.
        spec.vpcCidr().ifPresent(cidr -> check("--vpc-cidr", cidr, spec.nodes(), taken));
        taken.put(vpc, "the VPC's own " + vpc);
        Cidr segment = spec.rdmaCidr().orElseGet(() -> segment(number, spec.nodes(), taken));
        return new Choice(number, vpc, segment);
    }

    /** 10.NUMBER.0.0 if that can be had: easier to recognise. */
    private static Cidr segment(int number, int nodes, Map<Cidr, String> taken) {
        int prefix = prefix(SEGMENT_PREFIX, nodes);
        if (number < 256) {
            Cidr telling = new Cidr(new Ipv4(10 << 24 | number << 16), prefix);
            if (taken.keySet().stream().noneMatch(telling::overlaps)) {
                return telling;
            }
        }
        return AddressPlan.subnet(SEGMENT_POOL, prefix, taken.keySet());
    }

    /** The usual prefix, or a shorter one if that has too few host addresses. */
    private static int prefix(int usual, int nodes) {
        int prefix = usual;
        while ((1L << (32 - prefix)) - 2 < nodes) {
            prefix--;
        }
        return prefix;
    }

    private static void check(String option, Cidr cidr, int nodes, Map<Cidr, String> taken) {
        if (cidr.hosts() < nodes) {
            throw new IllegalArgumentException(option + " " + cidr + " is too small: it has " + cidr.hosts()
                    + " host addresses, and " + nodes + " are needed");
        }
        taken.forEach((other, whose) -> {
            if (cidr.overlaps(other)) {
                throw new IllegalArgumentException(option + " " + cidr + " overlaps " + whose);
            }
        });
    }

    /** Networks that are in use, each with words for whose it is. */
    private static Map<Cidr, String> taken(Pools pools, List<Node> nodes) {
        Map<Cidr, String> taken = new LinkedHashMap<>();
        for (Pools.Taken other : pools.networks().values()) {
            taken.put(other.vpcCidr(), other.vpcCidr() + ", the VPC of cluster " + other.cluster());
            taken.put(other.rdmaCidr(), other.rdmaCidr() + ", the segment of cluster " + other.cluster());
        }
        for (Node node : nodes) {
            for (Nic nic : node.inventory().orElseThrow().has().nics()) {
                for (String address : nic.addresses()) {
                    taken.computeIfAbsent(
                            network(address), _ -> address + " on " + nic.name() + " of node " + node.name());
                }
            }
        }
        return taken;
    }

    /** Why the node cannot be on these networks: it has an address in one of them already. */
    static Optional<String> obstacle(Node node, List<Cidr> networks) {
        for (Nic nic : node.inventory().orElseThrow().has().nics()) {
            for (String address : nic.addresses()) {
                if (networks.stream().anyMatch(network(address)::overlaps)) {
                    return Optional.of(
                            "has " + address + " on " + nic.name() + ", which the cluster's networks overlap");
                }
            }
        }
        return Optional.empty();
    }

    /** The network of an address such as {@code 10.99.0.11/24}. */
    private static Cidr network(String address) {
        int slash = address.indexOf('/');
        int prefix = Integer.parseInt(address.substring(slash + 1));
        int mask = prefix == 0 ? 0 : -1 << (32 - prefix);
        return new Cidr(new Ipv4(Ipv4.parse(address.substring(0, slash)).bits() & mask), prefix);
    }
}
