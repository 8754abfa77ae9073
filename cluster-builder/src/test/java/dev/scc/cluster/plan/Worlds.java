package dev.scc.cluster.plan;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Pools;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.ClusterChange;
import dev.scc.cluster.change.GroupChange;
import dev.scc.cluster.change.JournalChange;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.change.NumberChange;
import dev.scc.cluster.change.PlugChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.change.VpcChange;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.NodeEnis;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.inventory.Need;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.IpNetwork;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
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
                new Held<>(
                        NodeRecord.enrolled(
                                name,
                                new Alive(
                                        "i" + number,
                                        Ipv4.parse(address(number)),
                                        Optional.of(address(number) + ":7070"))),
                        0),
                new Held<>(assignment, 0),
                status,
                Optional.of(inventory(name, number, "ACTIVE", true)),
                alive);
    }

    private static String address(int number) {
        return "10.99." + number / 200 + "." + (10 + number % 200);
    }

    private static Inventory inventory(NodeName name, int number, String portState, boolean rdma) {
        NodeInventory has = NodeInventory.of(
                "6.1.0",
                2,
                1L << 30,
                List.of(new Nic("eth0", "02:00:00:00:00:01", 1500, "UP", List.of(address(number) + "/24"))),
                rdma ? List.of(new RdmaDevice("rxe0", "eth1", portState, 4096, List.of())) : List.of());
        return Inventory.of(name, "eth1", "test", has);
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

    static Node withFinding(Node node, Finding finding) {
        Inventory has = node.inventory().orElseThrow();
        return withInventory(
                node,
                new Inventory(
                        has.node(),
                        has.rdmaNetdev(),
                        has.version(),
                        has.has(),
                        Optional.empty(),
                        List.of(finding),
                        Optional.empty()));
    }

    private static Node withInventory(Node node, Inventory inventory) {
        return new Node(node.record(), node.assignment(), node.status(), Optional.of(inventory), node.alive());
    }

    /** One that can have tunnels, or says why not. */
    static Node tunnelling(Node node, Optional<String> objection) {
        return having(node, node.inventory().orElseThrow().has().tunnelling(objection));
    }

    /** One that has to go on reaching that network. */
    static Node needing(Node node, String network) {
        return having(
                node,
                node.inventory()
                        .orElseThrow()
                        .has()
                        .needing(
                                List.of(new Need(IpNetwork.parse(network), Need.Kind.ROUTE, "via 10.99.0.1 on eth0"))));
    }

    /** One whose interfaces eth0 and eth1 have these MTUs. */
    static Node withMtus(Node node, int underlay, int rdma) {
        NodeInventory has = node.inventory().orElseThrow().has();
        Nic eth0 = has.nics().getFirst();
        return having(
                node,
                NodeInventory.of(
                        has.kernel(),
                        has.cores(),
                        has.memoryBytes(),
                        List.of(
                                new Nic(eth0.name(), eth0.mac(), underlay, eth0.state(), eth0.addresses()),
                                new Nic("eth1", "02:00:00:00:00:02", rdma, "UP", List.of())),
                        has.rdmaDevices()));
    }

    private static Node having(Node node, NodeInventory has) {
        Inventory old = node.inventory().orElseThrow();
        return withInventory(node, Inventory.of(old.node(), old.rdmaNetdev(), old.version(), has));
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

    /** The world after these changes, with nodes that have not said anything about it yet. */
    static World after(World world, List<Change> changes) {
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        NavigableMap<ClusterName, Held<ClusterRecord>> clusters = new TreeMap<>(world.clusters());
        Held<Pools> pools = world.pools();
        NavigableMap<NodeName, NodeEnis> enis = new TreeMap<>(world.enis());
        NavigableMap<GroupName, Held<GroupRecord>> groups = new TreeMap<>(world.groups());
        NavigableMap<VpcName, Vpc> vpcs = new TreeMap<>(world.vpcs());
        for (Change change : changes) {
            switch (change) {
                case NodeChange.Assign(NodeName name, int replaces, Assignment assignment) ->
                    nodes.computeIfPresent(
                            name,
                            (_, node) -> new Node(
                                    node.record(),
                                    new Held<>(assignment, replaces + 1),
                                    node.status(),
                                    node.inventory(),
                                    node.alive()));
                case NodeChange.Rewrite rewrite ->
                    nodes.computeIfPresent(
                            rewrite.node(),
                            (_, node) -> new Node(
                                    new Held<>(rewrite.next(), rewrite.stored().version() + 1),
                                    node.assignment(),
                                    node.status(),
                                    node.inventory(),
                                    node.alive()));
                case NodeChange.Forget forget -> nodes.remove(forget.node());
                case NumberChange numbers ->
                    pools = new Held<>(numbers.next(), numbers.stored().version() + 1);
                case ClusterChange.Begin begin -> clusters.put(begin.cluster(), new Held<>(begin.first(), 0));
                case ClusterChange.Save save ->
                    clusters.put(
                            save.cluster(),
                            new Held<>(save.next(), save.stored().version() + 1));
                case ClusterChange.Remove remove -> clusters.remove(remove.cluster());
                case VpcChange vpc -> Vpcs.after(vpcs, vpc);
                case GroupChange group -> Vpcs.after(groups, group);
                case PlugChange.Rewire(var name, var before, var next) ->
                    enis.put(
                            name,
                            new NodeEnis(
                                    new Held<>(
                                            next,
                                            before.map(held -> held.version() + 1)
                                                    .orElse(0)),
                                    Optional.ofNullable(world.enis().get(name)).flatMap(NodeEnis::said)));
                case PlugChange.Forget forget -> enis.remove(forget.node());
                case NodeChange.Enrol _,
                        ClusterChange.PublishRoster _,
                        ClusterChange.RetireRoster _,
                        RequestChange _,
                        JournalChange _,
                        Change.RemoveLeftover _,
                        Change.Rely _ -> {}
            }
        }
        return new World(nodes, clusters, pools, vpcs, enis, groups, world.unread());
    }

    /** The world when the agent of that node is gone. */
    static World silent(World world, NodeName name) {
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.computeIfPresent(
                name, (_, node) -> new Node(node.record(), node.assignment(), node.status(), node.inventory(), false));
        return new World(
                nodes, world.clusters(), world.pools(), world.vpcs(), world.enis(), world.groups(), world.unread());
    }

    /** The changes of that kind. */
    static <T extends Change> List<T> only(Class<T> kind, List<Change> changes) {
        return changes.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
