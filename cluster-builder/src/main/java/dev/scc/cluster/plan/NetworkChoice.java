package dev.scc.cluster.plan;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.Obstruction;
import dev.scc.cluster.Pools;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.IpNetwork;
import dev.scc.host.Ipv4;
import dev.scc.vpc.AddressPlan;
import dev.scc.vpc.SpecialNetworks;
import dev.scc.vpc.Unavailable;
import dev.scc.vpc.VpcName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which networks a cluster gets: none that overlaps another's, nor anything that its nodes have to go on reaching, and by
 * default nothing that any node of the pool has to, so that the cluster can grow. Pure.
 *
 * @param number the VNI, and the VLAN
 */
record NetworkChoice(int number, Cidr vpcCidr, Cidr rdmaCidr) {
    /** Where VPCs are taken from: the first that has room. Private addresses (RFC 1918), and those of carriers (RFC 6598). */
    private static final List<Cidr> VPC_POOLS = List.of(
            Cidr.parse("172.16.0.0/12"),
            Cidr.parse("10.0.0.0/8"),
            Cidr.parse("192.168.0.0/16"),
            Cidr.parse("100.64.0.0/10"));

    private static final int VPC_PREFIX = 20;
    private static final List<Cidr> SEGMENT_POOLS = List.of(
            Cidr.parse("10.0.0.0/8"),
            Cidr.parse("172.16.0.0/12"),
            Cidr.parse("192.168.0.0/16"),
            Cidr.parse("100.64.0.0/10"));
    private static final int SEGMENT_PREFIX = 24;

    /**
     * For a new cluster.
     *
     * @throws Unavailable if there is no such choice; the message says why
     */
    static NetworkChoice of(ClusterSpec asked, World world, List<Node> nodes) {
        ClusterSpec spec = joining(asked, world);
        Pools pools = world.pools().value();
        for (Held<ClusterRecord> other : world.clusters().values()) {
            if (joined(spec, world).isEmpty() && other.value().spec().vpcName().equals(spec.vpcName())) {
                throw new Unavailable("VPC " + spec.vpcName() + " belongs to cluster "
                        + other.value().name()
                        + ", and is not to be shared: scc vpc create makes one that is; choose another name");
            }
        }
        int number = AddressPlan.number(
                "VNI and VLAN", Pools.FIRST, Pools.LAST, pools.networks().keySet());
        Map<Cidr, String> taken = taken(spec, world, nodes);
        check(spec, world, taken);
        Map<Cidr, String> avoided = new LinkedHashMap<>(taken);
        world.nodes().values().forEach(node -> addNeeded(node, avoided));
        world.vpcs()
                .values()
                .forEach(vpc -> avoided.putIfAbsent(
                        vpc.value().cidr(), "VPC " + vpc.value().name()));
        try {
            return choose(spec, number, avoided);
        } catch (Unavailable e) {
            return choose(spec, number, taken);
        }
    }

    /** Whether there are networks that these nodes can have, whatever others would like to be avoided. */
    static boolean possible(ClusterSpec asked, World world, List<Node> nodes) {
        try {
            ClusterSpec spec = joining(asked, world);
            Map<Cidr, String> taken = taken(spec, world, nodes);
            check(spec, world, taken);
            choose(spec, Pools.FIRST, taken);
            return true;
        } catch (Unavailable e) {
            return false;
        }
    }

    /** The VPC that lives by itself and that the cluster is to join; empty if it gets one of its own. */
    static Optional<Vpc> joined(ClusterSpec spec, World world) {
        return Optional.ofNullable(world.vpcs().get(new VpcName(spec.vpcName())));
    }

    /** The same cluster with the addresses of the VPC that it joins. */
    private static ClusterSpec joining(ClusterSpec spec, World world) {
        VpcName name = new VpcName(spec.vpcName());
        if (world.hides(name)) {
            throw new Unavailable("what the tree says of VPC " + name + " cannot be read; mend that first");
        }
        Optional<Cidr> cidr = joined(spec, world).map(vpc -> vpc.value().cidr());
        if (cidr.isEmpty()) {
            return spec;
        }
        if (spec.vpc().isEmpty()) {
            throw new Unavailable("there is a VPC " + name + " that lives by itself; --vpc " + name
                    + " joins it, or choose another name for the VPC");
        }
        spec.vpcCidr().filter(other -> !cidr.get().equals(other)).ifPresent(other -> {
            throw new Unavailable(
                    "--vpc-cidr " + other + ": VPC " + name + " has " + cidr.get() + "; leave the option out");
        });
        return spec.withCidrs(cidr, spec.rdmaCidr());
    }

    private static void check(ClusterSpec spec, World world, Map<Cidr, String> taken) {
        String option = joined(spec, world).isPresent() ? "VPC" : "--vpc-cidr";
        spec.vpcCidr().ifPresent(cidr -> check(option, cidr, spec.nodes(), taken));
        spec.rdmaCidr().ifPresent(cidr -> check("--rdma-cidr", cidr, spec.nodes(), taken));
    }

    /** @param taken is not changed */
    private static NetworkChoice choose(ClusterSpec spec, int number, Map<Cidr, String> taken) {
        Map<Cidr, String> all = new LinkedHashMap<>(taken);
        spec.rdmaCidr().ifPresent(cidr -> all.put(cidr, "the segment's own " + cidr));
        // What was asked for has been looked at already, but for the segment, if that was asked for too.
        spec.vpcCidr()
                .ifPresent(vpc -> spec.rdmaCidr()
                        .filter(vpc::overlaps)
                        .ifPresent(segment -> refuse("--vpc-cidr", vpc, "the segment's own " + segment)));
        Cidr vpc = spec.vpcCidr()
                .orElseGet(() -> AddressPlan.subnet(VPC_POOLS, prefix(VPC_PREFIX, spec.nodes()), all.keySet()));
        all.put(vpc, "the VPC's own " + vpc);
        Cidr segment = spec.rdmaCidr().orElseGet(() -> segment(number, spec.nodes(), all.keySet()));
        return new NetworkChoice(number, vpc, segment);
    }

    /** 10.NUMBER.0.0 if that can be had: easier to recognise. */
    private static Cidr segment(int number, int nodes, Set<Cidr> taken) {
        int prefix = prefix(SEGMENT_PREFIX, nodes);
        if (number < 256) {
            Cidr telling = new Cidr(new Ipv4(10 << 24 | number << 16), prefix);
            if (taken.stream().noneMatch(telling::overlaps)) {
                return telling;
            }
        }
        return AddressPlan.subnet(SEGMENT_POOLS, prefix, taken);
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
            throw new Unavailable(option + " " + cidr + " is too small: it has " + cidr.hosts()
                    + " host addresses, and " + nodes + " are needed");
        }
        SpecialNetworks.obstacle(cidr).ifPresent(why -> {
            throw new Unavailable(option + " " + cidr + " " + why);
        });
        taken.forEach((other, whose) -> {
            if (cidr.overlaps(other)) {
                refuse(option, cidr, whose);
            }
        });
    }

    private static void refuse(String option, Cidr cidr, String whose) {
        throw new Unavailable(option + " " + cidr + " overlaps " + whose);
    }

    /**
     * Networks that are in use, each with words for whose it is. VPCs that live by themselves may overlap each other: a node
     * is in no two of them by its clusters.
     */
    private static Map<Cidr, String> taken(ClusterSpec spec, World world, Collection<Node> members) {
        Map<Cidr, String> taken = new LinkedHashMap<>();
        Optional<Vpc> joined = joined(spec, world);
        boolean joins = joined.isPresent();
        for (Pools.Taken other : world.pools().value().networks().values()) {
            if (!joins || !world.vpcs().containsKey(new VpcName(other.vpc()))) {
                taken.put(other.vpcCidr(), other.vpcCidr() + ", the VPC of cluster " + other.cluster());
            }
            taken.put(other.rdmaCidr(), other.rdmaCidr() + ", the segment of cluster " + other.cluster());
        }
        members.forEach(node -> addNeeded(node, taken));
        members.forEach(node -> world.plugs(node.name()).plugs().stream()
                .filter(plug -> joined.filter(
                                vpc -> vpc.value().vni().equals(plug.vpc().vni()))
                        .isEmpty())
                .forEach(plug -> taken.putIfAbsent(
                        plug.vpc().cidr(),
                        plug.vpc().cidr() + ", the VPC of " + plug.eni() + " on node " + node.name())));
        // Members talk to the agents of all nodes, wherever those are, and packets of VPCs go there.
        for (Node node : world.nodes().values()) {
            Ipv4 address = node.record().value().machine().underlay();
            taken.putIfAbsent(new Cidr(address, 32), address + ", the address of node " + node.name());
        }
        return taken;
    }

    private static void addNeeded(Node node, Map<Cidr, String> taken) {
        node.inventory()
                .map(Inventory::has)
                .map(Obstruction::needed)
                .orElse(Map.of())
                .forEach((network, what) -> {
                    if (network instanceof Cidr four) {
                        taken.computeIfAbsent(four, _ -> what + " of node " + node.name());
                    }
                });
    }

    /** Why the node cannot be on these networks: it has to go on reaching something that they would take the place of. */
    static Optional<String> obstacle(Node node, List<? extends IpNetwork> networks) {
        return Obstruction.of(networks, node.inventory().orElseThrow().has()).map(what -> "has to reach " + what);
    }
}
