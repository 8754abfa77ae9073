package dev.scc.cluster.plan;

import dev.scc.cluster.Arrange;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.world.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Picks nodes out of more than enough suitable ones: the first by name, or spread or packed by a label. Pure. */
final class Arrangement {
    private Arrangement() {}

    /**
     * Picks them.
     *
     * @param suitable in the order of their names, at least as many as the spec wants
     * @param present members that the cluster has already
     * @return as many as the spec wants, in the order of their names
     */
    static List<Node> choose(ClusterSpec spec, List<Node> suitable, Collection<Node> present) {
        if (spec.arrange().isEmpty()) {
            return suitable.subList(0, spec.nodes());
        }
        Arrange wish = spec.arrange().get();
        Map<String, Deque<Node>> groups = new TreeMap<>();
        suitable.forEach(node -> groups.computeIfAbsent(value(node, wish), _ -> new ArrayDeque<>())
                .add(node));
        Map<String, Integer> taken = new TreeMap<>();
        present.forEach(node -> taken.merge(value(node, wish), 1, Integer::sum));
        List<Node> chosen = switch (wish.how()) {
            case SPREAD -> spread(spec.nodes(), groups, taken);
            case PACK -> pack(spec.nodes(), groups, taken);
        };
        chosen.sort(Comparator.comparing(Node::name));
        return chosen;
    }

    private static String value(Node node, Arrange wish) {
        return node.record().value().labels().getOrDefault(wish.label(), "");
    }

    /** One by one from the group that the cluster has the fewest nodes of. */
    private static List<Node> spread(int wanted, Map<String, Deque<Node>> groups, Map<String, Integer> taken) {
        List<Node> chosen = new ArrayList<>();
        while (chosen.size() < wanted) {
            Map.Entry<String, Deque<Node>> next = groups.entrySet().stream()
                    .filter(group -> !group.getValue().isEmpty())
                    .min(Comparator.comparingInt(
                                    (Map.Entry<String, Deque<Node>> group) -> taken.getOrDefault(group.getKey(), 0))
                            .thenComparing(Map.Entry.comparingByKey()))
                    .orElseThrow();
            chosen.add(next.getValue().remove());
            taken.merge(next.getKey(), 1, Integer::sum);
        }
        return chosen;
    }

    /**
     * As few groups as possible: first those that the cluster is in already; then the smallest that holds all that is still
     * wanted, or else the largest, and again.
     */
    private static List<Node> pack(int wanted, Map<String, Deque<Node>> groups, Map<String, Integer> taken) {
        List<Node> chosen = new ArrayList<>();
        Comparator<Map.Entry<String, Deque<Node>>> bySize =
                Comparator.comparingInt(group -> group.getValue().size());
        while (chosen.size() < wanted) {
            int missing = wanted - chosen.size();
            List<Map.Entry<String, Deque<Node>>> left = groups.entrySet().stream()
                    .filter(group -> !group.getValue().isEmpty())
                    .toList();
            Deque<Node> next = left.stream()
                    .filter(group -> taken.containsKey(group.getKey()))
                    .max(bySize)
                    .or(() -> left.stream()
                            .filter(group -> group.getValue().size() >= missing)
                            .min(bySize))
                    .or(() -> left.stream().max(bySize))
                    .orElseThrow()
                    .getValue();
            while (!next.isEmpty() && chosen.size() < wanted) {
                chosen.add(next.remove());
            }
        }
        return chosen;
    }
}
