package dev.scc.cluster.leftover;

import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which entries there are, by name and whether or not they can be understood. Names are those of nodes and clusters as they
 * stand in the tree.
 *
 * @param rosters by cluster, the revisions that there are
 * @param enrolled nodes that have an entry of their own
 * @param assigned nodes that have an assignment
 * @param said nodes that have a status
 * @param asking nodes whose agents ask for entries
 * @param tunnels nodes that have said a key
 * @param below what stands below the entry of a node, for those that were asked for and those without an assignment
 */
public record Remains(
        NavigableMap<String, List<String>> rosters,
        NavigableSet<String> enrolled,
        NavigableSet<String> assigned,
        NavigableSet<String> said,
        NavigableSet<String> asking,
        NavigableSet<String> tunnels,
        Map<String, List<String>> below) {
    public Remains {
        rosters = Collections.unmodifiableNavigableMap(new TreeMap<>(rosters));
        enrolled = sorted(enrolled);
        assigned = sorted(assigned);
        said = sorted(said);
        asking = sorted(asking);
        tunnels = sorted(tunnels);
        below = Map.copyOf(below);
    }

    private static NavigableSet<String> sorted(Collection<String> names) {
        return Collections.unmodifiableNavigableSet(new TreeSet<>(names));
    }

    /** @param nodes whose own entries are looked below in any case */
    public static Remains read(Tree tree, Set<String> nodes) throws ConnectionLost, InterruptedException {
        NavigableMap<String, List<String>> rosters = new TreeMap<>();
        for (String cluster : tree.children(Paths.ROSTERS)) {
            rosters.put(cluster, tree.children(Paths.ROSTERS + "/" + cluster));
        }
        // Assignments after enrolments: both come in one transaction, so none is missed that belongs to the other.
        NavigableSet<String> enrolled = sorted(tree.children(Paths.NODES));
        NavigableSet<String> assigned = sorted(tree.children(Paths.ASSIGN));
        Map<String, List<String>> below = new TreeMap<>();
        for (String node : enrolled) {
            if (nodes.contains(node) || !assigned.contains(node)) {
                below.put(node, tree.children(Paths.NODES + "/" + node));
            }
        }
        return new Remains(
                rosters,
                enrolled,
                assigned,
                sorted(tree.children(Paths.STATUS)),
                sorted(tree.children(Paths.ENROL)),
                sorted(tree.children(Paths.TUNNELS)),
                below);
    }
}
