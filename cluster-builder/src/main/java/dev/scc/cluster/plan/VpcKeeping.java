package dev.scc.cluster.plan;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.change.VpcChange;
import dev.scc.cluster.plan.RequestPlanner.Answer;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ipv4;
import dev.scc.vpc.AddressPlan;
import dev.scc.vpc.SpecialNetworks;
import dev.scc.vpc.Unavailable;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes VPCs that live by themselves, and takes them away. Pure. */
record VpcKeeping(World world, long at) {
    /** With fewer addresses there is nobody to talk to. */
    private static final int FEWEST_HOSTS = 2;

    /** What one entry of a cluster can name. */
    private static final int SHORTEST_PREFIX = 8;

    /** Of IPv6, what a site has of its own (RFC 4193). */
    private static final int SHORTEST_PREFIX_6 = 48;

    /** What the prefix of IPv6 is longer than that of IPv4, if both have as many addresses. */
    private static final int LENGTHS_APART = 96;

    /** Without which there is no IPv6 on an interface (RFC 8200). */
    private static final int LEAST_MTU_6 = 1280;

    Answer create(Request.VpcCreate create, Optional<Principal> owner, String id) {
        VpcName name = create.name();
        if (world.vpcs().containsKey(name)) {
            return new Answer.Refuse(Refusal.NAME_TAKEN, "there is a VPC " + name + " already; choose another name");
        }
        if (world.hidesVpcs()) {
            return new Answer.Refuse(
                    Refusal.DOES_NOT_FIT,
                    "a VPC is there that cannot be read, so nobody knows which VNIs are free; mend that first");
        }
        Optional<String> objection = ofCluster(name)
                .or(() -> objection(create.cidr()))
                .or(() -> create.cidr6().flatMap(six -> objection(six, create.cidr(), create.encrypted())));
        if (objection.isPresent()) {
            return new Answer.Refuse(
                    ofCluster(name).isPresent() ? Refusal.NAME_TAKEN : Refusal.ADDRESSES, objection.get());
        }
        int vni;
        try {
            vni = AddressPlan.number("VNI", VpcRecord.FIRST_VNI, VpcRecord.LAST_VNI, vnis());
        } catch (Unavailable e) {
            return new Answer.Refuse(Refusal.ADDRESSES, String.valueOf(e.getMessage()));
        }
        VpcRecord vpc = new VpcRecord(
                name,
                new Vni(vni),
                create.cidr(),
                Mtus.vpc(world.nodes().values(), create.encrypted()),
                owner,
                at,
                create.containers(),
                create.cidr6(),
                create.encrypted());
        return new Answer.Commit(List.of(done(id), new VpcChange.Begin(vpc)));
    }

    Answer delete(VpcName name, String id) {
        Vpc vpc = world.vpcs().get(name);
        if (vpc == null) {
            return ofCluster(name)
                    .map(whose -> new Answer.Refuse(Refusal.BUSY, whose + ", and goes with it"))
                    .orElseGet(() -> new Answer.Refuse(Refusal.UNKNOWN, "there is no VPC " + name));
        }
        if (world.hides(name)) {
            return new Answer.Refuse(
                    Refusal.DOES_NOT_FIT,
                    "somebody is in VPC " + name + " of whom the tree says what cannot be read; mend that first");
        }
        if (world.hidesGroups()) {
            return new Answer.Refuse(
                    Refusal.DOES_NOT_FIT, "a security group is there that cannot be read, and may be of VPC " + name);
        }
        Set<String> users = new TreeSet<>(vpc.users());
        users.addAll(GroupKeeping.of(world, name));
        if (!users.isEmpty()) {
            return new Answer.Refuse(Refusal.BUSY, "VPC " + name + " is in use by " + String.join(", ", users));
        }
        return new Answer.Commit(List.of(done(id), new VpcChange.Remove(vpc.record())));
    }

    private Collection<Integer> vnis() {
        return world.vpcs().values().stream()
                .map(vpc -> vpc.value().vni().value())
                .collect(Collectors.toSet());
    }

    /** Whose own it is; empty if no cluster's. Numbers of clusters that are gone count until no node carries them. */
    private Optional<String> ofCluster(VpcName name) {
        return world.pools().value().networks().values().stream()
                .filter(taken ->
                        taken.vpc().equals(name.value()) && !world.vpcs().containsKey(name))
                .map(Pools.Taken::cluster)
                .findFirst()
                .map(cluster -> "VPC " + name + " is cluster " + cluster + "'s own");
    }

    /** VPCs may overlap each other: nobody is in two. What no node could build is refused at once. */
    private Optional<String> objection(Cidr cidr) {
        if (cidr.hosts() < FEWEST_HOSTS || cidr.prefix() < SHORTEST_PREFIX) {
            return Optional.of("--cidr " + cidr + ": its prefix has to be within " + SHORTEST_PREFIX + " to 30");
        }
        Optional<Ipv4> covered = world.nodes().values().stream()
                .map(node -> node.record().value().machine().underlay())
                .filter(cidr::contains)
                .findFirst();
        return SpecialNetworks.obstacle(cidr)
                .map(why -> "--cidr " + cidr + " " + why)
                .or(() -> covered.map(address -> "--cidr " + cidr + " overlaps " + address
                        + ", the address of a node: packets of VPCs go there"));
    }

    /** Each host of IPv4 has one of IPv6 with the same number. */
    private Optional<String> objection(Cidr6 six, Cidr cidr, boolean encrypted) {
        int longest = LENGTHS_APART + cidr.prefix();
        if (six.prefix() < SHORTEST_PREFIX_6 || six.prefix() > longest) {
            return Optional.of("--cidr6 " + six + ": its prefix has to be within " + SHORTEST_PREFIX_6 + " to "
                    + longest + ", so that it has as many addresses as --cidr " + cidr);
        }
        int mtu = Mtus.vpc(world.nodes().values(), encrypted);
        return SpecialNetworks.obstacle(six)
                .map(why -> "--cidr6 " + six + " " + why)
                .or(() -> mtu < LEAST_MTU_6
                        ? Optional.of("--cidr6 " + six + ": IPv6 needs an MTU of " + LEAST_MTU_6
                                + ", and the VPC would have " + mtu + ", by the smallest underlay of the pool's nodes")
                        : Optional.empty());
    }

    private Change done(String id) {
        return new RequestChange.TakeUp(id, new Outcome.Done(at, List.of()));
    }
}
