package dev.scc.cluster.plan;

import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.Roster;
import dev.scc.cluster.change.FencedTransaction;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.inventory.Nic;
import dev.scc.host.NodeName;
import dev.scc.host.net.NetPlanner;
import dev.scc.host.net.NetState;
import dev.scc.host.net.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a create would do at this moment, by the very planners that would do it. Pure. */
public final class DryRun {
    private DryRun() {}

    /** What would come of it. */
    public sealed interface Forecast {
        /** Nodes that would not be taken, each with the reason, such as {@code n3 is in cluster demo}. */
        List<String> unsuitable();
    }

    /**
     * The cluster would be built.
     *
     * @param operations of the one transaction
     * @param steps that each member's agent would take, if nothing is on the node
     */
    public record Possible(Roster roster, int operations, Map<NodeName, List<String>> steps, List<String> unsuitable)
            implements Forecast {
        public Possible {
            steps = Map.copyOf(steps);
            unsuitable = List.copyOf(unsuitable);
        }
    }

    /** It would be refused. */
    public record Impossible(Refusal reason, String why, List<String> unsuitable) implements Forecast {
        public Impossible {
            unsuitable = List.copyOf(unsuitable);
        }
    }

    public static Forecast create(ClusterSpec spec, Asker asker, World world) {
        List<String> unsuitable = CreatePlanner.placement(spec, world).unsuitable();
        Optional<RequestPlanner.Answer.Refuse> objection =
                new Permission(asker, world).objection(new Request.Create(spec));
        if (objection.isPresent()) {
            return new Impossible(objection.get().reason(), objection.get().why(), unsuitable);
        }
        return switch (CreatePlanner.plan(spec, asker.principal(), "dry-run", world, 0, 0)) {
            case CreatePlanner.Plan.Refuse refuse -> new Impossible(refuse.reason(), refuse.why(), unsuitable);
            case CreatePlanner.Plan.Build build -> {
                Map<NodeName, List<String>> steps = new TreeMap<>();
                build.roster()
                        .members()
                        .forEach(member -> steps.put(
                                member.node(),
                                steps(build.roster(), world.nodes().get(member.node()))));
                yield new Possible(
                        build.roster(), FencedTransaction.of(0, build.changes()).size() - 1, steps, unsuitable);
            }
        };
    }

    private static List<String> steps(Roster roster, @org.jspecify.annotations.Nullable Node node) {
        Inventory inventory = Optional.ofNullable(node).flatMap(Node::inventory).orElseThrow();
        String underlay = inventory
                .nicOf(roster.member(inventory.node()).underlay())
                .map(Nic::name)
                .orElse("the underlay interface");
        NetState wanted = new ClusterNetworks(underlay).wanted(roster, inventory.node(), inventory.has());
        return NetPlanner.plan(NetState.empty(), wanted).stream()
                .map(Step::title)
                .toList();
    }
}
