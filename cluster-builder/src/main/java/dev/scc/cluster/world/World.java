package dev.scc.cluster.world;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Pools;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All nodes and clusters at about one time. It is not a snapshot: entries are read one by one, so whatever is decided from
 * it must be written on condition of the versions in it.
 *
 * @param vpcs those that live by themselves
 * @param enis of nodes that have or had some
 * @param groups security groups
 * @param unread paths of what stands there and cannot be read, each with the reason: as good as not there, but for what would
 *     have to be proved by its absence
 */
public record World(
        NavigableMap<NodeName, Node> nodes,
        NavigableMap<ClusterName, Held<ClusterRecord>> clusters,
        Held<Pools> pools,
        NavigableMap<VpcName, Vpc> vpcs,
        NavigableMap<NodeName, NodeEnis> enis,
        NavigableMap<GroupName, Held<GroupRecord>> groups,
        Map<String, String> unread) {
    /** One in which everything can be read, without VPCs that live by themselves. */
    public World(
            NavigableMap<NodeName, Node> nodes,
            NavigableMap<ClusterName, Held<ClusterRecord>> clusters,
            Held<Pools> pools) {
        this(nodes, clusters, pools, Collections.emptyNavigableMap(), Collections.emptyNavigableMap(), Map.of());
    }

    /** One without security groups. */
    public World(
            NavigableMap<NodeName, Node> nodes,
            NavigableMap<ClusterName, Held<ClusterRecord>> clusters,
            Held<Pools> pools,
            NavigableMap<VpcName, Vpc> vpcs,
            NavigableMap<NodeName, NodeEnis> enis,
            Map<String, String> unread) {
        this(nodes, clusters, pools, vpcs, enis, Collections.emptyNavigableMap(), unread);
    }

    public World {
        unread = Collections.unmodifiableMap(new TreeMap<>(unread));
        nodes = Collections.unmodifiableNavigableMap(new TreeMap<>(nodes));
        clusters = Collections.unmodifiableNavigableMap(new TreeMap<>(clusters));
        enis = Collections.unmodifiableNavigableMap(new TreeMap<>(enis));
        groups = Collections.unmodifiableNavigableMap(new TreeMap<>(groups));
        vpcs = Collections.unmodifiableNavigableMap(new TreeMap<>(vpcs));
    }

    /** The numbers of networks that a cluster uses, or that a node may still carry. */
    public boolean uses(int network) {
        return hides()
                || clusters.values().stream()
                        .anyMatch(cluster -> cluster.value().network() == network)
                || nodes.values().stream().anyMatch(node -> carries(node, network));
    }

    /** Some node or cluster is there of which it is not known what it is. */
    public boolean hides() {
        return unread.keySet().stream()
                .anyMatch(path -> TreeEntry.at(path)
                        .filter(entry ->
                                entry == TreeEntry.NODE || entry == TreeEntry.ASSIGN_NODE || entry == TreeEntry.CLUSTER)
                        .isPresent());
    }

    /** The node is there, and it is not known what it is. */
    public boolean hides(NodeName node) {
        return unread.containsKey(Paths.node(node)) || unread.containsKey(Paths.assign(node));
    }

    /** The cluster is there, and it is not known what it is. */
    public boolean hides(ClusterName cluster) {
        return unread.containsKey(Paths.cluster(cluster));
    }

    /** The VPC is there, or something below it, and it is not known what it is. */
    public boolean hides(VpcName vpc) {
        String path = Paths.vpc(vpc);
        return unread.keySet().stream().anyMatch(each -> each.equals(path) || each.startsWith(path + "/"));
    }

    /** Some VPC is there of which it is not known what it is: not even which VNI it has. */
    public boolean hidesVpcs() {
        return unread.keySet().stream().anyMatch(path -> path.startsWith(Paths.VPCS + "/"));
    }

    /** Some security group is there of which it is not known what it is. */
    public boolean hidesGroups() {
        return unread.keySet().stream().anyMatch(path -> path.startsWith(Paths.GROUPS + "/"));
    }

    /** The ENI on whatever node it is. */
    public Optional<Plug> plug(EniId eni) {
        return enis.values().stream()
                .flatMap(known -> known.plugs().value().of(eni).stream())
                .findFirst();
    }

    /** Where an ENI is: on whatever node it is now, not where it is going to, or came from. */
    public Optional<NodeName> placeOf(EniId eni) {
        return enis.entrySet().stream()
                .filter(known -> known.getValue()
                        .plugs()
                        .value()
                        .of(eni)
                        .filter(Plug::here)
                        .isPresent())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The node that keeps a slot for an ENI that is on another. */
    public Optional<NodeName> awaits(EniId eni) {
        return enis.entrySet().stream()
                .filter(known -> known.getValue()
                        .plugs()
                        .value()
                        .of(eni)
                        .filter(plug -> !plug.here())
                        .isPresent())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Some node's ENIs are there of which it is not known what they are. */
    public boolean hidesEnis() {
        return unread.keySet().stream().anyMatch(path -> path.startsWith(Paths.PLUGS + "/"));
    }

    /** What the node has of ENIs. */
    public NodePlugs plugs(NodeName node) {
        return Optional.ofNullable(enis.get(node))
                .map(known -> known.plugs().value())
                .orElse(NodePlugs.NONE);
    }

    /** The same, when those nodes are free. */
    public World without(Collection<Node> leaving) {
        NavigableMap<NodeName, Node> rest = new TreeMap<>(nodes);
        leaving.forEach(node -> rest.remove(node.name()));
        return new World(rest, clusters, pools, vpcs, enis, groups, unread);
    }

    /**
     * The same, where some nodes have not proved enough yet to be clean.
     *
     * @param open those whose switch port is not closed, each with the reason why that fails, if it does
     */
    public World notClean(Map<NodeName, Optional<String>> open) {
        NavigableMap<NodeName, Node> then = new TreeMap<>(nodes);
        open.forEach((name, why) -> then.computeIfPresent(name, (_, node) -> node.notClean(why)));
        return new World(then, clusters, pools, vpcs, enis, groups, unread);
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
