package dev.scc.cluster.plan;

import dev.scc.cluster.Holding;
import dev.scc.cluster.Member;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Roster;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.NumberChange;
import dev.scc.cluster.change.VpcChange;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.vpc.VpcName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The addresses that clusters have in VPCs that live by themselves: taken with the first roster, kept until no machine can bear
 * them any more, which is when the cluster's number is given back. Pure.
 */
final class Holdings {
    private Holdings() {}

    /** What a cluster has from now on. */
    static Change of(Vpc vpc, Roster roster, int network, List<Member> leaving) {
        String entry = Holding.ofCluster(network);
        return new VpcChange.Hold(
                vpc.value().name(),
                entry,
                Optional.ofNullable(vpc.holdings().get(entry)),
                Holding.of(roster.cluster(), roster.vpc(), roster.members(), leaving));
    }

    /**
     * Why a node cannot get an address of that VPC in its own network namespace; empty if it can. ENIs that are handed over into
     * others' are not in the way. Whoever has left a cluster is in its holding until the last of its members is clean.
     *
     * @param aside the entry of whoever is to have the node
     */
    static Optional<String> obstacle(World world, Optional<Vpc> vpc, Node node, String aside) {
        return vpc.flatMap(known -> known.holdings().entrySet().stream()
                .filter(held -> !held.getKey().equals(aside)
                        && held.getValue().value().isOn(node.name())
                        && !isHandedOver(world, node, held.getKey()))
                .findFirst()
                .map(held -> "has an address of VPC " + known.value().name() + " still, as "
                        + held.getValue().value().who())
                .or(() -> world.plugs(node.name())
                        .in(known.value().network(), Optional.empty())
                        .map(plug -> "keeps a slot for " + plug.eni() + " of VPC "
                                + known.value().name())));
    }

    /** Not known to be, if what the tree says of the node's ENIs cannot be read. */
    private static boolean isHandedOver(World world, Node node, String entry) {
        return world.plugs(node.name()).plugs().stream()
                .anyMatch(
                        plug -> plug.eni().value().equals(entry) && plug.place().isPresent());
    }

    /** The same for an ENI: two addresses of one network in one network namespace answer for each other. */
    static Optional<String> clusterObstacle(Vpc vpc, Node node) {
        return vpc.clusterOn(node.name())
                .map(who -> "has an address of VPC " + vpc.value().name() + " in its own network namespace still, as "
                        + who + ", and may have one there; --netns, --pid or --tap puts another elsewhere");
    }

    /**
     * Numbers that no node carries any more, with the addresses of whoever had them. Those of which it is not known what
     * else they hold stay.
     */
    static List<Change> giveBack(World world, Set<Integer> numbers) {
        Map<Integer, Pools.Taken> taken = world.pools().value().networks();
        Set<Integer> known = new TreeSet<>(numbers);
        known.removeIf(number -> taken.containsKey(number)
                && world.hides(new VpcName(taken.get(number).vpc())));
        List<Change> changes = new ArrayList<>();
        if (!known.isEmpty()) {
            changes.add(new NumberChange.GiveBack(world.pools(), known));
        }
        for (int number : known) {
            String entry = Holding.ofCluster(number);
            world.vpcs().values().stream()
                    .filter(vpc -> vpc.holdings().containsKey(entry))
                    .map(vpc -> new VpcChange.Release(
                            vpc.value().name(), entry, vpc.holdings().get(entry)))
                    .forEach(changes::add);
        }
        return changes;
    }
}
