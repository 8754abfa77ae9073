package dev.scc.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Roster;
import dev.scc.cluster.port.Ports;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.ForwardingTree;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.port.SwitchPort.Allowed;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortCareTest {
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");
    private static final NodeName N4 = new NodeName("n4");
    private static final Assignment SERVE = new Assignment.Serve(1, DEMO, 1, 70);

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private PortCare care;
    private final Said said = new Said();
    private int reads;
    private final NavigableMap<NodeName, Node> nodes = new TreeMap<>();
    private final NavigableMap<ClusterName, Held<ClusterRecord>> clusters = new TreeMap<>();

    /** What is wanted of the ports at the moment. */
    private static final class Said implements Ports {
        private Map<NodeName, Optional<Allowed>> settings = Map.of();
        private long epoch;
        private boolean rests;
        private Optional<Open> open = Optional.empty();

        @Override
        public void want(Map<NodeName, Optional<Allowed>> settings, long epoch) {
            this.settings = settings;
            this.epoch = epoch;
        }

        @Override
        public Optional<Open> open(NodeName node) {
            return open;
        }

        @Override
        public void rest() {
            rests = true;
        }
    }

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
        care = new PortCare(
                new ForwardingTree(zooKeeper.tree()) {
                    @Override
                    public Optional<Entry> get(String path) throws ConnectionLost, InterruptedException {
                        reads++;
                        return super.get(path);
                    }
                },
                said);
        assign(N1, SERVE);
        assign(N2, SERVE);
        assign(N3, new Assignment.Free(1, 0));
        assign(N4, new Assignment.Leave(1, DEMO, 70));
        clusters.put(DEMO, held(ClusterRecord.begun(ClusterSpec.of("demo", 2), 70, List.of(N1, N2), 0, "r")));
    }

    @AfterEach
    void stop() {
        zooKeeper.close();
    }

    private static <T> Held<T> held(T value) {
        return new Held<>(value, 0);
    }

    private void assign(NodeName name, Assignment assignment) {
        assign(name, assignment, Optional.empty());
    }

    private void assign(NodeName name, Assignment assignment, NodeStatus.State says) {
        assign(name, assignment, Optional.of(new NodeStatus(0, says, List.of())));
    }

    private void assign(NodeName name, Assignment assignment, Optional<NodeStatus> status) {
        nodes.put(
                name,
                new Node(
                        held(NodeRecord.enrolled(name, Alive.at("of " + name, Ipv4.parse("10.99.0.1")))),
                        held(assignment),
                        status,
                        Optional.empty(),
                        true));
    }

    private static Member member(NodeName name, String rdma) {
        Ipv4 other = Ipv4.parse("10.99.0.1");
        return new Member(name, other, "10.99.0.1:7070", other, Ipv4.parse(rdma), "rxe0", "eth1");
    }

    private void publish(int vlan, Member... members) throws Exception {
        Roster roster = new Roster(
                DEMO,
                1,
                1,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
                Segment.of(new VlanId(vlan), Cidr.parse("10.70.0.0/16")),
                List.of(members));
        if (zooKeeper.tree().get(Paths.rosters(DEMO)).isEmpty()) {
            zooKeeper.tree().commit(List.of(new Op.Create(Paths.rosters(DEMO), "")));
        } else {
            zooKeeper.tree().commit(List.of(new Op.Delete(Paths.roster(DEMO, 1), Op.ANY)));
        }
        zooKeeper.tree().commit(List.of(new Op.Create(Paths.roster(DEMO, 1), Json.write(roster))));
    }

    private void want(long epoch) throws Exception {
        care.want(new World(nodes, clusters, held(Pools.empty())), epoch);
    }

    private static Optional<Allowed> allowed(int vlan, String address) {
        return Optional.of(new Allowed(new VlanId(vlan), Ipv4.parse(address)));
    }

    @Test
    void membersHaveTheirPartOfTheSegmentAndAllOthersNothing() throws Exception {
        publish(70, member(N1, "10.70.0.1"), member(N2, "10.70.0.2"));

        want(4);

        assertThat(said.settings)
                .isEqualTo(Map.of(
                        N1,
                        allowed(70, "10.70.0.1"),
                        N2,
                        allowed(70, "10.70.0.2"),
                        N3,
                        Optional.empty(),
                        N4,
                        Optional.empty()));
        assertThat(said.epoch).isEqualTo(4);
        assertThat(said.rests).isFalse();
    }

    @Test
    void whereItIsNotKnownWhatIsServedThePortIsClosed() throws Exception {
        want(4);
        assertThat(said.settings).hasSize(4).containsEntry(N1, Optional.empty());

        publish(70, member(N2, "10.70.0.2"));
        want(4);
        assertThat(said.settings).containsEntry(N1, Optional.empty()).containsEntry(N2, allowed(70, "10.70.0.2"));

        clusters.clear();
        want(4);
        assertThat(said.settings).containsEntry(N2, Optional.empty());
    }

    /** Each change of anything comes here, and a roster may have ten thousand members. */
    @Test
    void aRosterIsReadOncePerRecord() throws Exception {
        publish(70, member(N1, "10.70.0.1"), member(N2, "10.70.0.2"));

        want(4);
        want(4);
        assertThat(reads).isOne();

        // The same name and revision, and another cluster.
        publish(71, member(N1, "10.70.0.9"), member(N2, "10.70.0.2"));
        clusters.put(DEMO, held(ClusterRecord.begun(ClusterSpec.of("demo", 2), 71, List.of(N1, N2), 9, "r2")));
        want(4);
        assertThat(said.settings).containsEntry(N1, allowed(71, "10.70.0.9"));
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void ofAClusterThatWasGoneNothingIsRemembered() throws Exception {
        Held<ClusterRecord> demo = clusters.get(DEMO);
        publish(70, member(N1, "10.70.0.1"), member(N2, "10.70.0.2"));
        want(4);
        clusters.clear();
        want(4);

        publish(71, member(N1, "10.70.0.9"), member(N2, "10.70.0.2"));
        clusters.put(DEMO, java.util.Objects.requireNonNull(demo));
        want(4);

        assertThat(said.settings).containsEntry(N1, allowed(71, "10.70.0.9"));
    }

    /** Else the next cluster's traffic would go by a port that lets the last one's through. */
    @Test
    void whoLeavesIsNotCleanBeforeItsPortIsClosed() {
        assign(N2, new Assignment.Leave(1, DEMO, 70), new NodeStatus.Clean());
        assign(N3, new Assignment.Free(1, 0), new NodeStatus.Clean());
        World world = new World(nodes, clusters, held(Pools.empty()));

        assertThat(care.closing(world)).isSameAs(world);

        said.open = Optional.of(new Ports.Open(Optional.of("the switch does not answer")));
        World closing = care.closing(world);
        assertThat(closing.nodes().get(N2)).satisfies(node -> {
            assertThat(node.clean()).isFalse();
            assertThat(node.outOfService())
                    .hasValueSatisfying(why -> assertThat(why).contains("does not answer"));
        });
        assertThat(closing.nodes().get(N3)).isEqualTo(world.nodes().get(N3));
        assertThat(closing.nodes().get(N4))
                .as("not clean anyway")
                .isEqualTo(world.nodes().get(N4));

        said.open = Optional.of(new Ports.Open(Optional.empty()));
        assertThat(care.closing(world).nodes().get(N2))
                .satisfies(node -> assertThat(node.clean()).isFalse());
    }

    @Test
    void aControllerThatDoesNotLeadLeavesThePortsAlone() {
        care.rest();

        assertThat(said.rests).isTrue();
    }
}
