package dev.scc.cluster.controller;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Pools;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Worlds for planners. */
final class Worlds {
    private Worlds() {}

    static World free(int nodes) {
        return of(IntStream.rangeClosed(1, nodes)
                .mapToObj(i -> node(i, new Assignment.Free(1, 0), true))
                .toArray(Node[]::new));
    }

    static World of(Node... nodes) {
        NavigableMap<NodeName, Node> byName = new TreeMap<>();
        Arrays.stream(nodes).forEach(node -> byName.put(node.name(), node));
        return new World(byName, new TreeMap<>(), new Held<>(Pools.empty(), 0));
    }

    /** n1, n2, …; clean if free. */
    static Node node(int number, Assignment assignment, boolean alive) {
        NodeName name = new NodeName("n" + number);
        Optional<NodeStatus> status = assignment instanceof Assignment.Free
                ? Optional.of(new NodeStatus(0, new NodeStatus.Clean(), List.of()))
                : Optional.empty();
        return new Node(
                new Held<>(NodeRecord.enrolled(name, new Alive("i" + number, new Ipv4(10 << 24 | number))), 0),
                new Held<>(assignment, 0),
                status,
                Optional.of(inventory(name, number, "ACTIVE", true)),
                alive);
    }

    private static Inventory inventory(NodeName name, int number, String portState, boolean rdma) {
        String address = "10.99." + number / 200 + "." + (10 + number % 200);
        NodeInventory has = new NodeInventory(
                "6.1.0",
                2,
                1L << 30,
                List.of(new Nic("eth0", "02:00:00:00:00:01", 1500, "UP", List.of(address + "/24"))),
                rdma ? List.of(new RdmaDevice("rxe0", "eth1", portState, 4096, List.of())) : List.of());
        return new Inventory(name, Ipv4.parse(address), address + ":7070", "eth1", "test", has);
    }

    static Node cordoned(Node node) {
        return new Node(
                new Held<>(node.record().value().withCordon(Optional.of("fan is broken")), 1),
                node.assignment(),
                node.status(),
                node.inventory(),
                node.alive());
    }

    static Node withPortState(Node node, String state) {
        return withInventory(node, inventory(node.name(), 4, state, true));
    }

    static Node withoutRdma(Node node) {
        return withInventory(node, inventory(node.name(), 5, "", false));
    }

    private static Node withInventory(Node node, Inventory inventory) {
        return new Node(node.record(), node.assignment(), node.status(), Optional.of(inventory), node.alive());
    }

    static Node saying(Node node, NodeStatus.State state) {
        NodeStatus status = new NodeStatus(node.assignment().version(), state, List.of());
        return new Node(node.record(), node.assignment(), Optional.of(status), node.inventory(), node.alive());
    }

    static Node node(World world, String name) {
        return Optional.ofNullable(world.nodes().get(new NodeName(name))).orElseThrow();
    }

    static Held<ClusterRecord> cluster(World world, String name) {
        return Optional.ofNullable(world.clusters().get(new ClusterName(name))).orElseThrow();
    }

    /** The world after a transaction, with nodes that have not said anything about it yet. */
    static World after(World world, List<Op> ops) {
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        NavigableMap<ClusterName, Held<ClusterRecord>> clusters = new TreeMap<>(world.clusters());
        Held<Pools> pools = world.pools();
        for (Op op : ops) {
            String name = op.path().substring(op.path().lastIndexOf('/') + 1);
            switch (op) {
                case Op.Set(String path, String text, int version)
                when path.startsWith(Paths.ASSIGN) -> {
                    Node node =
                            Optional.ofNullable(nodes.get(new NodeName(name))).orElseThrow();
                    Held<Assignment> next = new Held<>(Json.read(text, Assignment.class), version + 1);
                    nodes.put(
                            node.name(), new Node(node.record(), next, node.status(), node.inventory(), node.alive()));
                }
                case Op.Set(String path, String text, int version)
                when path.startsWith(Paths.NODES) -> {
                    Node node =
                            Optional.ofNullable(nodes.get(new NodeName(name))).orElseThrow();
                    Held<NodeRecord> next = new Held<>(Json.read(text, NodeRecord.class), version + 1);
                    nodes.put(
                            node.name(),
                            new Node(next, node.assignment(), node.status(), node.inventory(), node.alive()));
                }
                case Op.Set(String path, String text, int version)
                when path.equals(Paths.POOLS) -> pools = new Held<>(Json.read(text, Pools.class), version + 1);
                case Op.Set(String path, String text, int version)
                when path.startsWith(Paths.CLUSTERS) ->
                    clusters.put(new ClusterName(name), new Held<>(Json.read(text, ClusterRecord.class), version + 1));
                case Op.Create(String path, String text)
                when path.startsWith(Paths.CLUSTERS) ->
                    clusters.put(new ClusterName(name), new Held<>(Json.read(text, ClusterRecord.class), 0));
                case Op.Delete(String path, int _)
                when path.startsWith(Paths.CLUSTERS) -> clusters.remove(new ClusterName(name));
                default -> {}
            }
        }
        return new World(nodes, clusters, pools);
    }
}
