package dev.scc.cluster.world;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Pools;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All nodes and clusters at about one time. It is not a snapshot: entries are read one by one, so whatever is decided from
 * it must be written on condition of the versions in it.
 */
public record World(
        NavigableMap<NodeName, Node> nodes,
        NavigableMap<ClusterName, Held<ClusterRecord>> clusters,
        Held<Pools> pools) {
    private static final Logger log = LoggerFactory.getLogger(World.class);

    public World {
        nodes = Collections.unmodifiableNavigableMap(new TreeMap<>(nodes));
        clusters = Collections.unmodifiableNavigableMap(new TreeMap<>(clusters));
    }

    /** The numbers of networks that a cluster uses, or that a node may still carry. */
    public boolean uses(int network) {
        return clusters.values().stream().anyMatch(cluster -> cluster.value().network() == network)
                || nodes.values().stream().anyMatch(node -> carries(node, network));
    }

    /** The node may have this network on it. */
    public static boolean carries(Node node, int network) {
        return switch (node.assignment().value()) {
            case Assignment.Free _ -> false;
            case Assignment.Serve serve -> serve.network() == network;
            case Assignment.Leave leave -> leave.network() == network;
        };
    }

    /** Reads everything, in a number of round trips that does not grow with the number of nodes. */
    public static World read(Tree tree) throws ConnectionLost, InterruptedException {
        List<NodeName> names =
                tree.children(Paths.NODES).stream().map(NodeName::new).toList();
        List<ClusterName> clusterNames =
                tree.children(Paths.CLUSTERS).stream().map(ClusterName::new).toList();
        List<String> paths = new ArrayList<>();
        for (NodeName name : names) {
            paths.addAll(List.of(
                    Paths.node(name),
                    Paths.inventory(name),
                    Paths.alive(name),
                    Paths.assign(name),
                    Paths.status(name)));
        }
        clusterNames.forEach(name -> paths.add(Paths.cluster(name)));
        paths.add(Paths.POOLS);
        Map<String, Entry> entries = tree.get(paths);

        NavigableMap<NodeName, Node> nodes = new TreeMap<>();
        for (NodeName name : names) {
            node(name, entries).ifPresent(node -> nodes.put(name, node));
        }
        NavigableMap<ClusterName, Held<ClusterRecord>> clusters = new TreeMap<>();
        for (ClusterName name : clusterNames) {
            held(entries, Paths.cluster(name), ClusterRecord.class).ifPresent(held -> clusters.put(name, held));
        }
        Held<Pools> pools = held(entries, Paths.POOLS, Pools.class).orElseGet(() -> new Held<>(Pools.empty(), 0));
        return new World(nodes, clusters, pools);
    }

    /** One node; empty if it is not enrolled. */
    public static Optional<Node> node(NodeName name, Map<String, Entry> entries) {
        Optional<Held<NodeRecord>> record = held(entries, Paths.node(name), NodeRecord.class);
        Optional<Held<Assignment>> assignment = held(entries, Paths.assign(name), Assignment.class);
        if (record.isEmpty() || assignment.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Node(
                record.get(),
                assignment.get(),
                foreign(entries, Paths.status(name), NodeStatus.class),
                foreign(entries, Paths.inventory(name), Inventory.class),
                entries.containsKey(Paths.alive(name))));
    }

    private static <T> Optional<Held<T>> held(Map<String, Entry> entries, String path, Class<T> type) {
        return Optional.ofNullable(entries.get(path))
                .map(entry -> new Held<>(Json.read(entry.text(), type), entry.version()));
    }

    /** What an agent wrote. One that cannot be understood must not stop the work of all others. */
    private static <T> Optional<T> foreign(Map<String, Entry> entries, String path, Class<T> type) {
        return Optional.ofNullable(entries.get(path)).flatMap(parse(path, type));
    }

    private static <T> Function<Entry, Optional<T>> parse(String path, Class<T> type) {
        return entry -> {
            try {
                return Optional.of(Json.read(entry.text(), type));
            } catch (IllegalArgumentException e) {
                log.atWarn()
                        .addKeyValue("path", path)
                        .addKeyValue("why", e.getMessage())
                        .log("entry ignored");
                return Optional.empty();
            }
        };
    }
}
