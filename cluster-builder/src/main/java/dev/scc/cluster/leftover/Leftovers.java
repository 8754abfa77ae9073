package dev.scc.cluster.leftover;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Pools;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds what belongs to nothing. Pure but for {@link #look}. */
public final class Leftovers {
    private Leftovers() {}

    /**
     * Looks at a tree that others change meanwhile: candidates are listed before the world is read, so that what is made
     * meanwhile is none, and again afterwards, so that what goes meanwhile is none.
     */
    public static List<Leftover> look(Tree tree) throws ConnectionLost, InterruptedException {
        Remains before = Remains.read(tree, Set.of());
        World world = World.read(tree);
        Set<String> still = in(Remains.read(tree, Set.of()), world).stream()
                .map(Leftover::what)
                .collect(Collectors.toSet());
        return in(before, world).stream()
                .filter(found -> still.contains(found.what()))
                .toList();
    }

    /** Of a world that does not change meanwhile. */
    public static List<Leftover> in(Remains remains, World world) {
        List<Leftover> found = new ArrayList<>();
        remains.rosters().forEach((cluster, revisions) -> rosters(cluster, revisions, world, found));
        for (Map.Entry<Integer, Pools.Taken> taken :
                world.pools().value().networks().entrySet()) {
            if (!world.uses(taken.getKey())) {
                found.add(new Leftover.Network(
                        taken.getKey(),
                        "cluster " + taken.getValue().cluster() + " is gone, and no node carries its networks"));
            }
        }
        strangers(remains, found);
        halfEnrolled(remains, found);
        return List.copyOf(found);
    }

    private static void rosters(String cluster, List<String> revisions, World world, List<Leftover> found) {
        String folder = Paths.ROSTERS + "/" + cluster;
        if (world.hides()) {
            // Somebody of whom nothing is known may serve one of them.
            return;
        }
        Optional<Integer> revision = world.clusters().values().stream()
                .map(Held::value)
                .filter(record -> record.name().value().equals(cluster))
                .map(ClusterRecord::revision)
                .findFirst();
        Set<String> served = served(cluster, world);
        if (revision.isEmpty() && served.isEmpty()) {
            List<String> paths = new ArrayList<>();
            revisions.forEach(each -> paths.add(folder + "/" + each));
            paths.add(folder);
            found.add(new Leftover.Entries("rosters of " + cluster, "there is no cluster of that name", paths));
        } else if (revision.isPresent()) {
            // The one before is kept for agents that are on their way to this one.
            served.addAll(List.of(Integer.toString(revision.get()), Integer.toString(revision.get() - 1)));
            revisions.stream()
                    .filter(each -> !served.contains(each))
                    .forEach(each -> found.add(new Leftover.Entries(
                            "roster " + each + " of " + cluster,
                            "the cluster is at revision " + revision.get(),
                            List.of(folder + "/" + each))));
        }
    }

    /** Revisions of a cluster that nodes are told to serve, whatever the cluster says. */
    private static Set<String> served(String cluster, World world) {
        Set<String> served = new TreeSet<>();
        world.nodes().values().forEach(node -> {
            if (node.assignment().value() instanceof Assignment.Serve serve
                    && serve.cluster().value().equals(cluster)) {
                served.add(Integer.toString(serve.revision()));
            }
        });
        return served;
    }

    /** Entries of nodes that are not enrolled, and whose agents do not ask to be. */
    private static void strangers(Remains remains, List<Leftover> found) {
        Set<String> nodes = new TreeSet<>(remains.assigned());
        nodes.addAll(remains.said());
        nodes.addAll(remains.tunnels());
        nodes.removeAll(remains.enrolled());
        nodes.removeAll(remains.asking());
        for (String node : nodes) {
            List<String> paths = new ArrayList<>();
            if (remains.assigned().contains(node)) {
                paths.add(Paths.ASSIGN + "/" + node);
            }
            if (remains.said().contains(node)) {
                paths.add(Paths.STATUS + "/" + node);
            }
            if (remains.tunnels().contains(node)) {
                paths.add(Paths.TUNNELS + "/" + node);
            }
            found.add(new Leftover.Entries("entries of node " + node, "it is not enrolled", paths));
        }
    }

    /** A node without an assignment can be given nothing, and its agent waits for ever. */
    private static void halfEnrolled(Remains remains, List<Leftover> found) {
        for (String node : remains.enrolled()) {
            List<String> below = remains.below().getOrDefault(node, List.of());
            if (!remains.assigned().contains(node) && !below.contains("alive")) {
                List<String> paths = new ArrayList<>();
                below.forEach(name -> paths.add(Paths.NODES + "/" + node + "/" + name));
                paths.add(Paths.NODES + "/" + node);
                if (remains.said().contains(node)) {
                    paths.add(Paths.STATUS + "/" + node);
                }
                found.add(
                        new Leftover.Entries("enrolment of node " + node, "it has no assignment, and no agent", paths));
            }
        }
    }
}
