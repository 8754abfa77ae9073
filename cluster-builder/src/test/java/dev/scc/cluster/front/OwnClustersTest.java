package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Attachment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Member;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.Roster;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.Told;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.NotEntitled;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Permit;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.verify.KeptVerifications;
import dev.scc.cluster.view.ClusterList;
import dev.scc.cluster.view.Isolation;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.fabric.verify.Load;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers see of ada's cluster, by a server that they prove themselves to, over TLS. */
@Timeout(240)
class OwnClustersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration DAY = Duration.ofDays(1);
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final NodeName N1 = new NodeName("n1");
    private static final Principal ADA = new Principal(Role.USER, "ada");

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private Tree tree;
    private Authority authority;
    private RpcServer server;
    private final List<ClusterClient> clients = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory.resolve("tree"));
        tree = zooKeeper.tree();
        authority = Authority.open(directory.resolve("authority"), InstantSource.system());
        Connections connections =
                Connections.as(new LiveCredentials(authority.issue(new Principal(Role.SERVER, "s1"), DAY)));
        server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                connections,
                List.of(new ServerService(
                                tree,
                                () -> true,
                                connections,
                                new KeptVerifications(directory.resolve("kept")),
                                Isolation.NODES_ALONE,
                                () -> Instant.ofEpochMilli(9_000))
                        .definition()));
        write(
                Paths.cluster(DEMO),
                ClusterRecord.begun(
                        Optional.of(ADA),
                        ClusterSpec.of("demo", 1).withUsers(List.of("grace")),
                        70,
                        List.of(N1),
                        0,
                        "r0"));
        write(Paths.rosters(DEMO), "");
        write(
                Paths.roster(DEMO, 1),
                new Roster(
                        DEMO,
                        1,
                        1,
                        VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
                        Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")),
                        List.of(new Member(
                                N1,
                                Ipv4.parse("127.0.0.1"),
                                "127.0.0.1:1",
                                Ipv4.parse("172.16.0.1"),
                                Ipv4.parse("10.70.0.1"),
                                "rxe0",
                                "eth1"))));
        user("ada", Rights.NONE);
        user("grace", Rights.NONE);
        user("eve", new Rights(List.of("other"), Optional.empty(), Optional.of(0)));
        user("given", new Rights(List.of("demo"), Optional.empty(), Optional.empty()));
    }

    @AfterEach
    void stop() {
        clients.forEach(ClusterClient::close);
        server.close();
        zooKeeper.close();
    }

    private void write(String path, Object value) throws Exception {
        tree.commit(List.of(new Op.Create(path, Json.write(value))));
    }

    private void user(String name, Rights rights) throws Exception {
        write(Paths.user(name), new PersonRecord(Role.USER, rights));
    }

    private ClusterClient as(Role role, String name) {
        Connections connections = Connections.as(new LiveCredentials(authority.issue(new Principal(role, name), DAY)));
        ClusterClient client = ClusterClient.to(server.address(), connections, PATIENCE);
        clients.add(client);
        return client;
    }

    @Test
    void itsOwnerThoseItNamesAndWhoeverSeesEverythingSeeIt() throws Exception {
        for (ClusterClient each : List.of(
                as(Role.USER, "ada"),
                as(Role.USER, "grace"),
                as(Role.USER, "given"),
                as(Role.VIEWER, "vic"),
                as(Role.OPERATOR, "op"),
                as(Role.ADMIN, "root"))) {
            assertThat(each.clusters().clusters())
                    .extracting(ClusterList.Row::owner)
                    .containsExactly(Optional.of(ADA));
            assertThat(each.cluster(DEMO).orElseThrow().users()).containsExactly("grace");
            assertThat(each.roster(DEMO)).isPresent();
            assertThat(each.mesh(DEMO, PATIENCE)).isPresent();
            assertThat(each.verified(DEMO)).isEmpty();
        }
    }

    /** Class of hole: a check that some ways to the same thing leave out. */
    @Test
    void toOtherUsersItIsNotShownInAnyWayOrVerified() {
        for (String name : List.of("eve", "unknown")) {
            ClusterClient stranger = as(Role.USER, name);
            for (ThrowingCallable refused : List.<ThrowingCallable>of(
                    () -> stranger.cluster(DEMO),
                    () -> stranger.roster(DEMO),
                    () -> stranger.mesh(DEMO, PATIENCE),
                    () -> stranger.verified(DEMO),
                    () -> stranger.verify(DEMO, Pattern.QUICK, Load.NONE, Optional.empty(), _ -> {}, _ -> {}))) {
                assertThatThrownBy(refused)
                        .isInstanceOf(NotEntitled.class)
                        .hasMessageContaining(
                                "cluster demo is not one of user:" + name + ": neither its owner, nor named by it");
            }
        }
    }

    @Test
    void aListHasNoOthersAndWhoeverMayOnlyLookVerifiesNothing() throws Exception {
        assertThat(as(Role.USER, "eve").clusters().clusters()).isEmpty();
        assertThatThrownBy(() -> as(Role.VIEWER, "vic")
                        .verify(DEMO, Pattern.QUICK, Load.NONE, Optional.empty(), _ -> {}, _ -> {}))
                .isInstanceOf(NotEntitled.class);
    }

    private Permit permit(ClusterClient client, boolean asRoot) throws Exception {
        return Permit.check(client.permit(DEMO, asRoot).orElseThrow(), authority.roots(), Instant.ofEpochMilli(9_000));
    }

    @Test
    void whoMayUseItGetsAPermitForJobsThatSaysWhomTheyRunAs() throws Exception {
        user("mapped", new Rights(List.of("demo"), Optional.of("m"), Optional.empty()));

        assertThat(permit(as(Role.USER, "ada"), false))
                .isEqualTo(new Permit(ADA, "demo", Optional.empty(), false, 9_000));
        assertThat(permit(as(Role.USER, "mapped"), false).unixUser()).contains("m");
        // The name of a user is not that of an operator.
        assertThat(permit(as(Role.OPERATOR, "mapped"), false).unixUser()).isEmpty();
        assertThat(permit(as(Role.ADMIN, "root"), true).root()).isTrue();
    }

    @Test
    void nobodyElseGetsAPermitAndOnlyAdminsGetOneForRoot() {
        for (ThrowingCallable refused : List.<ThrowingCallable>of(
                () -> as(Role.USER, "eve").permit(DEMO, false),
                () -> as(Role.USER, "unknown").permit(DEMO, false),
                () -> as(Role.VIEWER, "vic").permit(DEMO, false),
                () -> as(Role.NODE, "n1").permit(DEMO, false),
                () -> as(Role.USER, "ada").permit(DEMO, true),
                () -> as(Role.OPERATOR, "op").permit(DEMO, true))) {
            assertThatThrownBy(refused).isInstanceOf(NotEntitled.class);
        }
    }

    @Test
    void aDryRunKnowsTheQuotaOfWhoeverAsks() throws Exception {
        assertThat(as(Role.USER, "eve").forecast(ClusterSpec.of("x", 1)).refusal())
                .contains(Refusal.OVER_QUOTA);
        assertThat(as(Role.USER, "ada").forecast(ClusterSpec.of("x", 1)).refusal())
                .contains(Refusal.NOT_ENOUGH_NODES);
    }

    /** What the node is told that asks for this. */
    private List<Told> ofContainer(String node, Request request) throws Exception {
        Connections connections =
                Connections.as(new LiveCredentials(authority.issue(new Principal(Role.NODE, node), DAY)));
        List<Told> told = new ArrayList<>();
        try (RpcChannel channel = connections.to(Peer.server(server.address()));
                RpcCall<ServerRpc.Ask, Told> call = channel.open(ServerRpc.CONTAINER, Optional.of(PATIENCE))) {
            call.send(new ServerRpc.Ask("r1", request, 0));
            call.sendNoMore();
            for (Optional<Told> next = call.next(); next.isPresent(); next = call.next()) {
                told.add(next.get());
            }
        }
        return told;
    }

    private static Request attach(String node, Optional<Attachment> container) {
        return new Request.EniAttach(
                new NodeName(node),
                new VpcName("pods"),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.of(NamespaceFile.parse("c")),
                container,
                List.of());
    }

    /** Class of hole: a way in that is meant for one thing, and takes others. */
    @Test
    void aNodeAsksForEnisOfItsOwnContainersAndForNothingElse() throws Exception {
        Optional<Attachment> container = Optional.of(new Attachment("pods", "c", "eth0", "c"));
        for (Request request :
                List.of(attach("n2", container), attach("n1", Optional.empty()), new Request.Delete(DEMO))) {
            assertThatThrownBy(() -> ofContainer("n1", request))
                    .as("%s", request)
                    .hasMessageContaining("a node asks for ENIs of its own containers only");
        }
        assertThat(tree.children(Paths.REQUESTS)).isEmpty();
        Outcome done = new Outcome.Done(7, List.of());
        for (Request request : List.of(attach("n1", container), new Request.EniDetach(EniId.of("a")))) {
            write(Paths.request("r1"), new RequestRecord(request, "node:n1", 9_000));
            write(Paths.outcome("r1"), done);

            assertThat(ofContainer("n1", request)).last().isEqualTo(new Told.Ended(done));

            tree.commit(List.of(new Op.Delete(Paths.outcome("r1"), 0), new Op.Delete(Paths.request("r1"), 0)));
        }
    }
}
