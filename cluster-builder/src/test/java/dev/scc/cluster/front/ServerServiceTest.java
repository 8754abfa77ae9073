package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Event;
import dev.scc.cluster.Happening;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.Roster;
import dev.scc.cluster.api.Progress;
import dev.scc.cluster.api.VerifySaid;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.verify.KeptVerification;
import dev.scc.cluster.verify.KeptVerifications;
import dev.scc.cluster.view.ClusterList;
import dev.scc.cluster.view.ClusterView;
import dev.scc.cluster.view.EventList;
import dev.scc.cluster.view.Isolation;
import dev.scc.cluster.view.LeftoverReport;
import dev.scc.cluster.view.NodeList;
import dev.scc.cluster.view.NodeView;
import dev.scc.cluster.view.VpcView;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.Segment;
import dev.scc.fabric.verify.Load;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Thresholds;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.Traffic;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client is told by a server, over real connections, of a tree into which the test writes what controllers and agents would. */
@Timeout(240)
class ServerServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final ClusterSpec SPEC = ClusterSpec.of("demo", 2);
    private static final Roster ROSTER = new Roster(
            DEMO,
            1,
            1,
            VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
            Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")),
            List.of(member(1), member(2)));

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private Tree tree;
    private final List<RpcServer> servers = new ArrayList<>();
    private ClusterClient client;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
        tree = zooKeeper.tree();
        client = ClusterClient.to(server(true), Connections.plain(), PATIENCE);
    }

    @AfterEach
    void stop() {
        client.close();
        servers.forEach(RpcServer::close);
        zooKeeper.close();
    }

    /** Answers its address. */
    private String server(boolean connected) throws IOException {
        ServerService service = new ServerService(
                tree,
                () -> connected,
                Connections.plain(),
                new KeptVerifications(directory.resolve("kept")),
                Isolation.NODES_ALONE,
                () -> Instant.ofEpochMilli(9_000));
        RpcServer server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(service.definition()));
        servers.add(server);
        return server.address();
    }

    /** Without an RDMA device. */
    private static Member member(int number) {
        return new Member(
                new NodeName("n" + number),
                Ipv4.parse("10.99.0." + number),
                "127.0.0.1:1",
                Ipv4.parse("172.16.0." + number),
                Ipv4.parse("10.70.0." + number),
                "",
                "eth1");
    }

    private void write(String path, Object value) throws Exception {
        tree.commit(List.of(new Op.Create(path, Json.write(value))));
    }

    private void enrol(NodeName name, Assignment assignment, NodeStatus.State says) throws Exception {
        write(Paths.node(name), NodeRecord.enrolled(name, Alive.at("of " + name, Ipv4.parse("10.99.0.1"))));
        write(Paths.assign(name), assignment);
        write(Paths.status(name), new NodeStatus(0, says, List.of()));
    }

    private static NodeStatus.State reached(ClusterName cluster, int revision) {
        return new NodeStatus.Reached(cluster, revision, Optional.of(new NodeStatus.SegmentAddress("fe80::1", 3)));
    }

    /** n1 has reached its revision, n2 another one. */
    private void demo() throws Exception {
        enrol(N1, new Assignment.Serve(1, DEMO, 1, 70), reached(DEMO, 1));
        enrol(N2, new Assignment.Serve(1, DEMO, 1, 70), reached(DEMO, 2));
        write(Paths.cluster(DEMO), ClusterRecord.begun(SPEC, 70, List.of(N1, N2), 0, "r0"));
        write(Paths.rosters(DEMO), "");
        write(Paths.roster(DEMO, 1), ROSTER);
    }

    @Test
    void ofWhatIsNotThereNothingIsSaid() throws Exception {
        assertThat(client.clusters().clusters()).isEmpty();
        assertThat(client.cluster(DEMO)).isEmpty();
        assertThat(client.roster(DEMO)).isEmpty();
        assertThat(client.nodes().nodes()).isEmpty();
        assertThat(client.node(N1)).isEmpty();
        assertThat(client.request("r1")).isEmpty();
        assertThat(client.events().events()).isEmpty();
        assertThat(client.verify(DEMO, Pattern.FULL, Load.NONE, Optional.empty(), _ -> {}, _ -> {}))
                .isEqualTo(new VerifySaid.NoSuchCluster());
        assertThat(client.leftovers(false, PATIENCE)).isEqualTo(new LeftoverReport(List.of(), List.of()));
    }

    @Test
    void aClusterIsShownWithWhatItsMembersSayOfItsPresentRevision() throws Exception {
        demo();

        assertThat(client.clusters().clusters())
                .containsExactly(new ClusterList.Row(DEMO, ClusterPhase.CREATING, 2, Optional.empty()));
        assertThat(client.cluster(DEMO).orElseThrow().nodes())
                .extracting(ClusterView.Node::name, ClusterView.Node::gid)
                .containsExactly(tuple(N1, "fe80::1"), tuple(N2, ""));
        assertThat(client.roster(DEMO)).contains(ROSTER);
    }

    @Test
    void whatAMemberSaysOfAnotherClusterIsNotShown() throws Exception {
        demo();
        tree.commit(List.of(new Op.Set(
                Paths.status(N1), Json.write(new NodeStatus(0, reached(new ClusterName("other"), 1), List.of())), 0)));

        assertThat(client.cluster(DEMO).orElseThrow().nodes())
                .extracting(ClusterView.Node::gid)
                .containsExactly("", "");
    }

    @Test
    void whatAilsMembersIsShownTheWorstFirst() throws Exception {
        demo();
        Finding warning = new Finding("mtu-small", Finding.Severity.WARNING, N1, "1500", "ip link set eth1 mtu 4200");
        Finding error = new Finding("memlock", Finding.Severity.ERROR, N2, "64 KiB", "ulimit -l unlimited");
        inventory(N1, warning);
        inventory(N2, error);

        assertThat(client.cluster(DEMO).orElseThrow().findings()).containsExactly(error, warning);
    }

    private void inventory(NodeName node, Finding finding) throws Exception {
        NodeInventory has = NodeInventory.of("6.1.0", 2, 1, List.of(), List.of());
        write(
                Paths.inventory(node),
                new Inventory(node, "eth1", "test", has, Optional.empty(), List.of(finding), Optional.empty()));
    }

    /** Its record is read before its roster. */
    @Test
    void aClusterThatGoesMeanwhileIsNotThere() throws Exception {
        write(Paths.cluster(DEMO), ClusterRecord.begun(SPEC, 70, List.of(N1, N2), 0, "r0"));

        assertThat(client.cluster(DEMO)).isEmpty();
        assertThat(client.roster(DEMO)).isEmpty();
    }

    @Test
    void membersOfAClusterReachEachOtherInItsOwnVpc() throws Exception {
        demo();

        assertThat(client.explain("n1", "n2", Traffic.parse("tcp/22"), Optional.empty())
                        .allowed())
                .isTrue();
        assertThat(client.explain("172.16.0.1", "n2", Traffic.parse("tcp/22"), Optional.of("demo"))
                        .vpc())
                .isEqualTo("demo");
        assertThatThrownBy(() -> client.explain("n1", "n3", Traffic.parse("tcp/22"), Optional.empty()))
                .isInstanceOf(UserMistake.class);
    }

    @Test
    void ofAClusterWhoseAgentsAreGoneItsMeshSaysSo() throws Exception {
        assertThat(client.mesh(DEMO, PATIENCE)).isEmpty();
        demo();

        assertThat(client.mesh(DEMO, PATIENCE)).hasValueSatisfying(mesh -> {
            assertThat(mesh.cluster()).isEqualTo(DEMO);
            assertThat(mesh.unread()).hasSize(2);
        });
    }

    @Test
    void jobsThatAreNotOverAreShown() throws Exception {
        assertThat(client.jobs()).isEmpty();
        JobEntry job = new JobEntry("j1", DEMO, "user:ada", N1, "Running", 2, 1, 5);
        write(Paths.job(N1, "j1"), job);

        assertThat(client.jobs()).containsExactly(job);
    }

    @Test
    void nodesAreShown() throws Exception {
        demo();

        assertThat(client.nodes().nodes()).extracting(NodeList.Row::name).containsExactly(N1, N2);
        assertThat(client.node(N2)).map(NodeView::name).contains(N2);
    }

    @Test
    void aDryRunSaysWhyItWouldBeRefused() throws Exception {
        assertThat(client.forecast(SPEC).refusal()).contains(Refusal.NOT_ENOUGH_NODES);
    }

    @Test
    void whatWasAskedIsShown() throws Exception {
        Request request = new Request.Delete(DEMO);
        write(Paths.request("r1"), new RequestRecord(request, "unknown", 0));

        assertThat(client.request("r1")).contains(request);
    }

    @Test
    void aRequestIsFollowedToItsEndAndAnotherOneOfItsIdIsAMistake() throws Exception {
        demo();
        Outcome done = new Outcome.Done(7, List.of("nothing"));
        write(Paths.request("r1"), new RequestRecord(new Request.Create(SPEC), "unknown", 0));
        write(Paths.outcome("r1"), done);
        List<Progress> progress = new ArrayList<>();

        assertThat(client.create(SPEC, "r1", PATIENCE, progress::add)).isEqualTo(done);
        assertThat(progress).contains(new Progress.Entered(ClusterPhase.CREATING, 2));
        assertThatThrownBy(() -> client.delete(DEMO, "r1", PATIENCE, _ -> {}))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining("request id r1 belongs to another request: create demo");
    }

    @Test
    void eventsAreToldInTheirOrderAndThoseWhoFollowHearWhatHappensNext() throws Exception {
        write(Paths.event(1, 0), new Event(1, 1, new Happening.NodeEnrolled(N1)));
        write(Paths.event(1, 1), new Event(2, 1, new Happening.NodeEnrolled(N2)));

        assertThat(client.events().events()).extracting(EventList.Row::name).containsExactly("n1", "n2");

        List<String> heard = new ArrayList<>();
        assertThatThrownBy(() -> client.followEvents(event -> {
                    heard.add(event.name() + " " + event.what());
                    if (heard.size() == 2) {
                        tell(new Event(3, 1, new Happening.NodeBack(N1)));
                    } else if (heard.size() == 3) {
                        throw new IllegalStateException("heard enough");
                    }
                }))
                .hasMessage("heard enough");
        assertThat(heard).last().isEqualTo("n1 is back");
    }

    private void tell(Event event) {
        try {
            write(Paths.event(1, 2), event);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aVerificationOfMembersWithoutRdmaSaysWho() throws Exception {
        demo();

        assertThat(client.verify(DEMO, Pattern.FULL, Load.NONE, Optional.empty(), _ -> {}, _ -> {}))
                .isInstanceOfSatisfying(VerifySaid.CannotVerify.class, cannot -> {
                    assertThat(cannot.node()).isPresent();
                    assertThat(cannot.why()).contains("there is no RDMA device");
                });
    }

    @Test
    void whatIsLeftInTheTreeAndWhoCouldNotBeAskedIsNamed() throws Exception {
        enrol(N1, new Assignment.Free(1, 0), new NodeStatus.Clean());
        write(Paths.rosters(DEMO), "");

        assertThat(client.leftovers(false, PATIENCE))
                .isEqualTo(new LeftoverReport(
                        List.of(new LeftoverReport.Item(
                                "tree", "rosters of demo", "there is no cluster of that name", "")),
                        List.of(new LeftoverReport.Unasked(N1, "its agent is gone"))));
    }

    @Test
    void aServerWithoutZooKeeperSaysSoAndAnotherOneAnswers() throws Exception {
        String cutOff = server(false);
        Duration soon = Duration.ofSeconds(2);

        try (ClusterClient alone = ClusterClient.to(cutOff, Connections.plain(), soon)) {
            assertThatThrownBy(alone::clusters)
                    .isInstanceOf(ServerUnreachable.class)
                    .hasMessageContaining("this server has no connection to ZooKeeper");
            assertThatThrownBy(alone::events)
                    .isInstanceOf(ServerUnreachable.class)
                    .hasMessageContaining("this server has no connection to ZooKeeper");
        }
        demo();
        try (ClusterClient both =
                ClusterClient.to(cutOff + "," + servers.getFirst().address(), Connections.plain(), PATIENCE)) {
            assertThat(both.nodes().nodes()).hasSize(2);
            assertThat(both.events().events()).isEmpty();
        }
    }

    /** A request to set labels whose entry in the tree would have so many bytes. */
    private static Request.Label labels(int bytes) {
        Map<String, String> labels = new TreeMap<>();
        for (int number = 10; number < 60; number++) {
            labels.put("k" + number + "é".repeat(97), "");
        }
        int missing = bytes - bytes(new Request.Label(N1, labels, Set.of()));
        for (String key : List.copyOf(labels.keySet())) {
            int now = Math.min(missing, 200);
            labels.put(key, "é".repeat(now / 2) + "x".repeat(now % 2));
            missing -= now;
        }
        return new Request.Label(N1, labels, Set.of());
    }

    private static int bytes(Request request) {
        return Json.writeBytes(new RequestRecord(request, "unknown", 9_000)).length;
    }

    @Test
    void aRequestThatIsLargerThanItsEntryMayBeIsRefused() throws Exception {
        Request.Label largest = labels(16_384);
        Request.Label larger = labels(16_385);
        assertThat(List.of(bytes(largest), bytes(larger))).containsExactly(16_384, 16_385);
        Outcome done = new Outcome.Done(7, List.of());
        write(Paths.request("r1"), new RequestRecord(largest, "unknown", 9_000));
        write(Paths.outcome("r1"), done);

        assertThat(client.label(N1, largest.set(), Set.of(), "r1", PATIENCE)).isEqualTo(done);
        assertThatThrownBy(() -> client.label(N1, larger.set(), Set.of(), "r2", PATIENCE))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining("the request has 16385 bytes, and may have 16384");
        assertThatThrownBy(() -> client.label(N1, Map.of(), Set.of(), "no id", PATIENCE))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining("an id of a request has 1 to 64 letters");
        assertThat(tree.children(Paths.REQUESTS)).containsExactly("r1");
    }

    @Test
    void aClustersOwnVpcIsShownWithItsMembers() throws Exception {
        demo();
        tree.commit(List.of(new Op.Create(
                Paths.POOLS,
                Json.write(new Pools(Map.of(
                        70,
                        new Pools.Taken(DEMO, "demo", Cidr.parse("172.16.0.0/20"), Cidr.parse("10.70.0.0/16"))))))));

        assertThat(client.vpc(new VpcName("demo")).orElseThrow().members())
                .extracting(VpcView.Place::node)
                .containsExactly(N1, N2);
        assertThat(client.vpc(new VpcName("other"))).isEmpty();
        assertThat(client.vpcs().vpcs()).hasSize(1);
    }

    @Test
    void whatARequestAboutAVpcWouldDoIsTold() throws Exception {
        assertThat(client.forecast(new Request.VpcCreate(new VpcName("lab"), Cidr.parse("172.20.0.0/24")))
                        .refusal())
                .isEmpty();
        assertThat(client.forecast(new Request.VpcDelete(new VpcName("lab"))).refusal())
                .isPresent();
    }

    @Test
    void ofAGroupOrClusterThatIsNotThereNothingIsAsked() throws Exception {
        assertThatThrownBy(() -> client.packets(new GroupName("web"), true, true, PATIENCE))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining("there is no security group web");
        assertThatThrownBy(() -> client.permit(DEMO, false))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining("there is no cluster demo");
        assertThat(client.verified(DEMO)).isEmpty();
    }

    @Test
    void whatWasMeasuredInAClusterThatHasGoneIsForgotten() throws Exception {
        demo();
        KeptVerifications kept = new KeptVerifications(directory.resolve("kept"));
        kept.keep(
                new KeptVerification(
                        DEMO,
                        1,
                        5,
                        Pattern.FULL,
                        List.of(ProbeResult.failed(new Pair(N1, N2), "cable")),
                        Thresholds.SOFTWARE,
                        12,
                        Optional.empty(),
                        Optional.empty()),
                false);
        assertThat(client.verified(DEMO)).isPresent();

        tree.commit(List.of(new Op.Delete(Paths.cluster(DEMO), 0)));

        await().atMost(PATIENCE).until(() -> kept.latest(DEMO).isEmpty());
    }
}
