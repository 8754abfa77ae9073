package dev.scc.simulation;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.NodeTunnel;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Plugged;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Request;
import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.Roster;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.host.net.TunnelKey;
import dev.scc.simulation.zk.Change;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.SecurityGroup;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The newest tree, parsed. */
final class Mirror {
    final Map<NodeName, Held<Assignment>> assignments = new TreeMap<>();
    final Map<NodeName, NodeStatus> statuses = new TreeMap<>();
    final Map<NodeName, NodeRecord> nodes = new TreeMap<>();
    final Map<ClusterName, ClusterRecord> clusters = new TreeMap<>();
    final Map<String, Roster> rosters = new TreeMap<>();
    final Map<String, Request> requests = new TreeMap<>();
    /** Who has made them. */
    final Map<String, String> callers = new TreeMap<>();

    final Map<String, PersonRecord> people = new TreeMap<>();
    final Map<String, Outcome> outcomes = new TreeMap<>();
    final Map<VpcName, VpcRecord> vpcs = new TreeMap<>();
    /** By their paths. */
    final Map<String, Holding> holdings = new TreeMap<>();

    final Map<NodeName, Held<NodePlugs>> plugs = new TreeMap<>();
    /** By the names of nodes: what they say that can be understood. */
    final Map<String, NodeTunnel> tunnels = new TreeMap<>();

    final Map<GroupName, GroupRecord> groups = new TreeMap<>();
    Pools pools = Pools.empty();

    /** A text that has been parsed, and its version. */
    record Held<T>(T value, int version) {}

    /** As if nothing but these had ever been there. */
    void replace(Map<String, Entry> entries) {
        List.of(
                        assignments,
                        statuses,
                        nodes,
                        clusters,
                        rosters,
                        requests,
                        callers,
                        people,
                        outcomes,
                        vpcs,
                        holdings,
                        plugs,
                        tunnels,
                        groups)
                .forEach(Map::clear);
        pools = Pools.empty();
        entries.forEach((path, entry) -> apply(new Change(path, Optional.empty(), Optional.of(entry))));
    }

    void apply(Change change) {
        String path = change.path();
        Optional<Entry> after = change.after();
        if (path.equals(Paths.POOLS)) {
            pools = after.map(entry -> Json.read(entry.text(), Pools.class)).orElse(Pools.empty());
        } else if (under(path, Paths.ASSIGN)) {
            put(
                    assignments,
                    new NodeName(last(path)),
                    after.map(entry -> new Held<>(Json.read(entry.text(), Assignment.class), entry.version())));
        } else if (under(path, Paths.STATUS)) {
            put(statuses, new NodeName(last(path)), after.flatMap(Mirror::status));
        } else if (under(path, Paths.CLUSTERS)) {
            put(
                    clusters,
                    new ClusterName(last(path)),
                    after.map(entry -> Json.read(entry.text(), ClusterRecord.class)));
        } else if (path.startsWith(Paths.ROSTERS + "/")) {
            put(
                    rosters,
                    path,
                    after.filter(entry -> !entry.text().isEmpty()).map(entry -> Json.read(entry.text(), Roster.class)));
        } else if (under(path, Paths.PLUGS)) {
            put(
                    plugs,
                    new NodeName(last(path)),
                    after.map(entry -> new Held<>(Json.read(entry.text(), NodePlugs.class), entry.version())));
        } else if (under(path, Paths.TUNNELS)) {
            put(tunnels, last(path), after.flatMap(Mirror::tunnel));
        } else if (under(path, Paths.GROUPS)) {
            put(groups, new GroupName(last(path)), after.map(entry -> Json.read(entry.text(), GroupRecord.class)));
        } else if (under(path, Paths.VPCS)) {
            put(vpcs, new VpcName(last(path)), after.map(entry -> Json.read(entry.text(), VpcRecord.class)));
        } else if (path.startsWith(Paths.VPCS + "/")) {
            put(holdings, path, after.map(entry -> Json.read(entry.text(), Holding.class)));
        } else if (under(path, Paths.NODES)) {
            put(nodes, new NodeName(last(path)), after.map(entry -> Json.read(entry.text(), NodeRecord.class)));
        } else if (under(path, Paths.REQUESTS)) {
            Optional<RequestRecord> record = after.map(entry -> Json.read(entry.text(), RequestRecord.class));
            put(requests, last(path), record.map(RequestRecord::request));
            put(callers, last(path), record.map(RequestRecord::caller));
        } else if (under(path, TreeEntry.USERS.path())) {
            put(people, last(path), after.map(entry -> Json.read(entry.text(), PersonRecord.class)));
        } else if (path.startsWith(Paths.REQUESTS + "/")) {
            String id = path.substring(Paths.REQUESTS.length() + 1, path.lastIndexOf('/'));
            put(outcomes, id, after.map(entry -> Json.read(entry.text(), Outcome.class)));
        }
    }

    /** Empty if it is nothing that anybody understands. */
    private static Optional<NodeStatus> status(Entry entry) {
        try {
            return Optional.of(entry.read(NodeStatus.class));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Empty if it is nothing that anybody understands. */
    private static Optional<NodeTunnel> tunnel(Entry entry) {
        try {
            return Optional.of(entry.read(NodeTunnel.class));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    Optional<Roster> roster(ClusterName cluster, int revision) {
        return Optional.ofNullable(rosters.get(Paths.roster(cluster, revision)));
    }

    /** The ENIs that a node is to have. */
    List<Plug> plugs(NodeName node) {
        return Optional.ofNullable(plugs.get(node))
                .map(held -> held.value().wanted())
                .orElse(List.of());
    }

    /** What a node is to have of ENIs, and who is where in its VPCs. */
    Plugged plugged(NodeName node, Optional<Roster> serving) {
        Set<String> names = new TreeSet<>();
        plugs(node).forEach(plug -> names.add(plug.vpc().name()));
        serving.map(Roster::vpc).filter(VpcRecord::standsAlone).ifPresent(vpc -> names.add(vpc.name()));
        Map<String, NavigableMap<String, Holding>> directory = new TreeMap<>();
        for (String name : names) {
            NavigableMap<String, Holding> entries = new TreeMap<>();
            holdings.forEach((path, holding) -> {
                if (under(path, Paths.vpc(new VpcName(name)))) {
                    entries.put(last(path), holding);
                }
            });
            directory.put(name, entries);
        }
        Map<GroupName, SecurityGroup> its = new TreeMap<>();
        Plugged.groupsOf(plugs(node), directory)
                .forEach(
                        name -> Optional.ofNullable(groups.get(name)).ifPresent(group -> its.put(name, group.group())));
        return new Plugged(plugs(node), directory, its, keys(node, serving, directory));
    }

    private Map<NodeName, TunnelKey> keys(
            NodeName node, Optional<Roster> serving, Map<String, NavigableMap<String, Holding>> directory) {
        Set<VpcNetwork> encrypted = new HashSet<>();
        plugs(node).forEach(plug -> encrypted.add(plug.vpc()));
        serving.ifPresent(roster -> encrypted.add(roster.vpc()));
        encrypted.removeIf(vpc -> !vpc.encrypted());
        if (encrypted.isEmpty()) {
            return Map.of();
        }
        List<NodeName> met = encrypted.stream()
                .flatMap(vpc -> directory.getOrDefault(vpc.name(), Collections.emptyNavigableMap()).values().stream())
                .flatMap(holding -> holding.members().stream())
                .map(VpcMember::node)
                .toList();
        Optional<TunnelKey> own = Optional.ofNullable(tunnels.get(node.value())).map(NodeTunnel::key);
        return NodeTunnel.keys(node, own, met, tunnels);
    }

    /** Whether the node is in an encrypted VPC, and its agent has not said the key of its tunnels yet. */
    static boolean keyless(NodeName node, Optional<Roster> serving, Plugged plugged) {
        boolean encrypted = serving.filter(roster -> roster.vpc().encrypted()).isPresent()
                || plugged.plugs().stream().anyMatch(plug -> plug.vpc().encrypted());
        return encrypted && !plugged.tunnels().containsKey(node);
    }

    /** Whether the node belongs to no cluster. */
    boolean free(NodeName node) {
        Held<Assignment> held = assignments.get(node);
        return held != null && held.value() instanceof Assignment.Free;
    }

    private static <K, V> void put(Map<K, V> map, K key, Optional<V> value) {
        if (value.isPresent()) {
            map.put(key, value.get());
        } else {
            map.remove(key);
        }
    }

    /** Right below it. */
    static boolean under(String path, String folder) {
        return path.startsWith(folder)
                && path.length() > folder.length()
                && path.charAt(folder.length()) == '/'
                && path.indexOf('/', folder.length() + 1) < 0;
    }

    static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
