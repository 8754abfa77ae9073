package dev.scc.cluster.world;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Pools;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Reads the world again and again, and each time only what a watch has named since. Everything is read where it is not known
 * what has changed: at first, after every reconnect, where the tree does not name changes, and from time to time in any case.
 * One thread reads; watches may signal on any.
 */
public final class WorldReader {
    private static final Duration EVERYTHING_AFTER = Duration.ofMinutes(1);

    private final Tree tree;
    private final Set<String> named = ConcurrentHashMap.newKeySet();
    private final AtomicInteger doubts = new AtomicInteger();
    /** Some trees never name anything; what they do not signal must not be taken for unchanged. */
    private volatile boolean names;

    private final Values values = new Values();
    private final UnreadLog unread = new UnreadLog();
    private final NavigableMap<NodeName, Node> nodes = new TreeMap<>();
    private final NavigableMap<ClusterName, Held<ClusterRecord>> clusters = new TreeMap<>();
    private final NavigableMap<VpcName, Vpc> vpcs = new TreeMap<>();
    private final NavigableMap<NodeName, NodeEnis> enis = new TreeMap<>();
    private final NavigableMap<GroupName, Held<GroupRecord>> groups = new TreeMap<>();
    private int settled = -1;
    private Instant until = Instant.MIN;

    public WorldReader(Tree tree) {
        this.tree = tree;
    }

    /** Like the constructor, and keeps what it has read for the next time. */
    public static WorldReader watching(Tree tree) {
        WorldReader reader = new WorldReader(tree);
        tree.watch(
                Paths.ROOT,
                path -> {
                    reader.names = true;
                    reader.named.add(path);
                },
                reader.doubts::incrementAndGet);
        return reader;
    }

    /** What was read may not be what is there: everything is read anew next time. */
    public void doubt() {
        doubts.incrementAndGet();
    }

    /**
     * What is there now: at least as young as all that this tree has answered before.
     *
     * @param now only for how long ago everything was read
     */
    public World read(Instant now) throws ConnectionLost, InterruptedException {
        // Comes back when the watches have said what happened before.
        tree.get(List.of(Paths.POOLS));
        int doubt = doubts.get();
        boolean all = !names || doubt != settled || !now.isBefore(until);
        settled = -1;
        World world = all ? everything() : changes();
        if (all) {
            until = now.plus(EVERYTHING_AFTER);
        }
        settled = doubt;
        unread.tell(world.unread(), now);
        return world;
    }

    World everything() throws ConnectionLost, InterruptedException {
        named.clear();
        Map<String, String> illegal = new TreeMap<>();
        List<NodeName> names = names(Paths.NODES, NodeName::new, illegal);
        List<ClusterName> clusterNames = names(Paths.CLUSTERS, ClusterName::new, illegal);
        List<VpcName> vpcNames = names(Paths.VPCS, VpcName::new, illegal);
        List<NodeName> pluggedNames = names(Paths.PLUGS, NodeName::new, illegal);
        List<GroupName> groupNames = names(Paths.GROUPS, GroupName::new, illegal);
        List<String> paths = new ArrayList<>();
        groupNames.forEach(name -> paths.add(Paths.group(name)));
        names.forEach(name -> paths.addAll(paths(name)));
        pluggedNames.forEach(name -> paths.addAll(List.of(Paths.plugs(name), Paths.plugged(name))));
        clusterNames.forEach(name -> paths.add(Paths.cluster(name)));
        for (VpcName name : vpcNames) {
            String path = Paths.vpc(name);
            paths.add(path);
            tree.children(path).forEach(below -> paths.add(path + "/" + below));
        }
        paths.add(Paths.POOLS);
        Map<String, Entry> entries = tree.get(paths);
        values.clear();
        entries.forEach((path, entry) -> values.update(path, Optional.of(entry)));
        values.trim();
        illegal.forEach(values::refuse);
        nodes.clear();
        names.forEach(this::look);
        clusters.clear();
        clusterNames.forEach(this::look);
        vpcs.clear();
        vpcNames.forEach(this::look);
        enis.clear();
        pluggedNames.forEach(this::lookAtEnis);
        groups.clear();
        groupNames.forEach(this::look);
        return world();
    }

    /** Those below the folder that are names at all. */
    private <T> List<T> names(String folder, Function<String, T> parse, Map<String, String> illegal)
            throws ConnectionLost, InterruptedException {
        List<T> names = new ArrayList<>();
        for (String name : tree.children(folder)) {
            parsed(name, parse)
                    .ifPresentOrElse(names::add, () -> illegal.put(folder + "/" + name, "has no legal name"));
        }
        return names;
    }

    private static <T> Optional<T> parsed(String name, Function<String, T> parse) {
        try {
            return Optional.of(parse.apply(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<String> paths(NodeName name) {
        return List.of(
                Paths.node(name), Paths.inventory(name), Paths.alive(name), Paths.assign(name), Paths.status(name));
    }

    private World changes() throws ConnectionLost, InterruptedException {
        List<String> changed = new ArrayList<>(named);
        named.removeAll(changed);
        Set<String> paths = new HashSet<>();
        Set<NodeName> nodeNames = new HashSet<>();
        Set<ClusterName> clusterNames = new HashSet<>();
        Set<VpcName> vpcNames = new HashSet<>();
        Set<NodeName> pluggedNames = new HashSet<>();
        Set<GroupName> groupNames = new HashSet<>();
        for (String path : changed) {
            Optional<NodeName> node = below(path, Paths.NODES)
                    .or(() -> below(path, Paths.ASSIGN))
                    .or(() -> below(path, Paths.STATUS))
                    .flatMap(name -> parsed(name, NodeName::new));
            Optional<ClusterName> cluster = below(path, Paths.CLUSTERS).flatMap(name -> parsed(name, ClusterName::new));
            node.ifPresent(nodeNames::add);
            cluster.ifPresent(clusterNames::add);
            Optional<VpcName> vpc = below(path, Paths.VPCS).flatMap(name -> parsed(name, VpcName::new));
            vpc.ifPresent(vpcNames::add);
            Optional<NodeName> plugged = below(path, Paths.PLUGS)
                    .or(() -> below(path, Paths.PLUGGED))
                    .flatMap(name -> parsed(name, NodeName::new));
            plugged.ifPresent(pluggedNames::add);
            Optional<GroupName> group = below(path, Paths.GROUPS).flatMap(name -> parsed(name, GroupName::new));
            group.ifPresent(groupNames::add);
            boolean known = node.isPresent()
                    || cluster.isPresent()
                    || vpc.isPresent()
                    || plugged.isPresent()
                    || group.isPresent();
            if (known || path.equals(Paths.POOLS)) {
                paths.add(path);
            }
        }
        // Of whoever is new here something may stand there since before, which no watch names now.
        nodeNames.stream().filter(name -> !nodes.containsKey(name)).forEach(name -> paths.addAll(paths(name)));
        pluggedNames.stream()
                .filter(name -> !enis.containsKey(name))
                .forEach(name -> paths.addAll(List.of(Paths.plugs(name), Paths.plugged(name))));
        Map<String, Entry> entries = tree.get(paths);
        paths.forEach(path -> values.update(path, Optional.ofNullable(entries.get(path))));
        nodeNames.forEach(this::look);
        clusterNames.forEach(this::look);
        vpcNames.forEach(this::look);
        pluggedNames.forEach(this::lookAtEnis);
        groupNames.forEach(this::look);
        return world();
    }

    /** The name right below the folder on the way to the path. */
    private static Optional<String> below(String path, String folder) {
        if (!path.startsWith(folder + "/")) {
            return Optional.empty();
        }
        int end = path.indexOf('/', folder.length() + 1);
        return Optional.of(path.substring(folder.length() + 1, end < 0 ? path.length() : end));
    }

    private void look(NodeName name) {
        values.node(name).ifPresentOrElse(node -> nodes.put(name, node), () -> nodes.remove(name));
    }

    private void look(ClusterName name) {
        values.held(Paths.cluster(name), ClusterRecord.class)
                .ifPresentOrElse(held -> clusters.put(name, held), () -> clusters.remove(name));
    }

    private void look(VpcName name) {
        values.vpc(name).ifPresentOrElse(vpc -> vpcs.put(name, vpc), () -> vpcs.remove(name));
    }

    private void look(GroupName name) {
        values.group(name).ifPresentOrElse(held -> groups.put(name, held), () -> groups.remove(name));
    }

    private void lookAtEnis(NodeName name) {
        values.enis(name).ifPresentOrElse(known -> enis.put(name, known), () -> enis.remove(name));
    }

    private World world() {
        Held<Pools> pools = values.held(Paths.POOLS, Pools.class).orElseGet(() -> new Held<>(Pools.empty(), 0));
        Map<String, String> unreadable = values.unread();
        if (unreadable.containsKey(Paths.POOLS)) {
            // Which numbers are taken is not known, and there is no deciding without.
            throw new IllegalStateException(Paths.POOLS + " " + unreadable.get(Paths.POOLS));
        }
        return new World(nodes, clusters, pools, vpcs, enis, groups, unreadable);
    }
}
