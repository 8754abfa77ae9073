package dev.scc.cluster.world;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Pools;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.NodeName;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All nodes and clusters at about one time. It is not a snapshot: entries are read one by one, so whatever is decided from
 * it must be written on condition of the versions in it.
 */
public record World(
        NavigableMap<NodeName, Node> nodes,
        NavigableMap<ClusterName, Held<ClusterRecord>> clusters,
        Held<Pools> pools) {
    public World {
        nodes = Collections.unmodifiableNavigableMap(new TreeMap<>(nodes));
        clusters = Collections.unmodifiableNavigableMap(new TreeMap<>(clusters));
    }

    /** The numbers of networks that a cluster uses, or that a node may still carry. */
    public boolean uses(int network) {
        return clusters.values().stream().anyMatch(cluster -> cluster.value().network() == network)
                || nodes.values().stream().anyMatch(node -> carries(node, network));
    }

    /** The same, when those nodes are free. */
    public World without(Collection<Node> leaving) {
        NavigableMap<NodeName, Node> rest = new TreeMap<>(nodes);
        leaving.forEach(node -> rest.remove(node.name()));
        return new World(rest, clusters, pools);
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
        return new WorldReader(tree).everything();
    }

    /** One node; empty if it is not enrolled. */
    public static Optional<Node> node(NodeName name, Map<String, Entry> entries) {
        return new Values(entries).node(name);
    }
}
