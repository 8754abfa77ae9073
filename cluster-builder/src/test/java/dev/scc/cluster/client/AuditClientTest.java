package dev.scc.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import dev.scc.cluster.api.AuditRpc;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.view.AuditReport;
import dev.scc.cluster.view.NodeList;
import dev.scc.cluster.view.TreeReport;
import dev.scc.cluster.world.NodeState;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers that remember something, and a third that does not answer. */
@Timeout(240)
class AuditClientTest {
    private static final String DEAD = "127.0.0.1:1";
    private static final TreeReport TREE = new TreeReport(7, true, List.of(), 0);

    private final List<RpcServer> servers = new ArrayList<>();
    private String first = "";
    private String second = "";

    @BeforeEach
    void start() throws Exception {
        first = server("s1", List.of("2026-05-04T10:00:03Z", "2026-05-04T10:00:01Z"));
        second = server("s2", List.of("2026-05-04T10:00:02Z"));
    }

    @AfterEach
    void stop() {
        servers.forEach(RpcServer::close);
    }

    private String server(String name, List<String> moments) throws Exception {
        RpcServer server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(new RpcService(AuditRpc.SERVICE)
                        .unary(
                                AuditRpc.RECENT,
                                (_, _) -> new AuditList(moments.stream()
                                        .map(at -> new AuditList.Row(
                                                at, name, 1, "admin:root", "here", "Nodes", "", "ok", "", 0))
                                        .toList()))
                        .unary(
                                AuditRpc.VERIFY,
                                (_, _) -> new AuditRpc.Verified(
                                        name, moments.size(), 0, List.of(), List.of("s1", "s2", "s3")))
                        .unary(AuditRpc.TREE, (_, _) -> TREE)
                        .definition()));
        servers.add(server);
        return server.address();
    }

    private static AuditClient client(String... addresses) {
        return new AuditClient(String.join(",", addresses), Connections.plain(), Duration.ofSeconds(1));
    }

    /** Of servers that all answer, and on a machine that may be busy. */
    private static AuditClient patient(String... addresses) {
        return new AuditClient(String.join(",", addresses), Connections.plain(), Duration.ofSeconds(30));
    }

    @Test
    void whatServersRememberIsToldInItsOrderAndWhoDidNotAnswer() throws Exception {
        AuditClient.Recent recent = client(first, DEAD, second).recent();

        assertThat(recent.list().entries())
                .extracting(AuditList.Row::at)
                .containsExactly("2026-05-04T10:00:01Z", "2026-05-04T10:00:02Z", "2026-05-04T10:00:03Z");
        assertThat(recent.unasked()).containsExactly("server " + DEAD + " was not asked: it does not answer");
        assertThat(patient(first).recent().unasked()).isEmpty();
    }

    @Test
    void aServerOfWhichTheTreeKnowsAndThatWasNotAskedIsNamed() throws Exception {
        assertThat(client(first, DEAD).verify().servers())
                .extracting(AuditReport.Row::server, AuditReport.Row::asked, AuditReport.Row::entries)
                .containsExactly(tuple(first, true, 2L), tuple("s2", false, 0L), tuple("s3", false, 0L));
    }

    @Test
    void whereNobodyAnswersNothingIsSaid() {
        assertThatThrownBy(() -> client(DEAD).recent()).isInstanceOf(ServerUnreachable.class);
        assertThatThrownBy(() -> client(DEAD, "127.0.0.1:2").verify()).isInstanceOf(ServerUnreachable.class);
        assertThatThrownBy(() -> client(DEAD).tree()).isInstanceOf(ServerUnreachable.class);
    }

    @Test
    void theTreeIsTheSameWhicheverServerSaysSo() throws Exception {
        assertThat(patient(DEAD, second).tree()).isEqualTo(TREE);
    }

    /** A server that has read audit logs of nodes, and remembers what it was asked; of n1 it has read nothing. */
    private String reading(List<AuditRpc.OfNodes> asked) throws Exception {
        RpcServer server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(new RpcService(AuditRpc.SERVICE)
                        .unary(AuditRpc.OF_NODES, (_, ask) -> {
                            asked.add(ask);
                            List<AuditRpc.NodeLog> logs = new ArrayList<>();
                            List<AuditRpc.Unread> unread = new ArrayList<>();
                            for (NodeName node : ask.nodes()) {
                                if (node.value().equals("n1")) {
                                    unread.add(new AuditRpc.Unread(node, "its agent is gone"));
                                } else {
                                    logs.add(log(node));
                                }
                            }
                            return new AuditRpc.NodeLogs(logs, unread);
                        })
                        .definition()));
        servers.add(server);
        return server.address();
    }

    /** The later its number, the earlier it was; that of n2 is broken. */
    private static AuditRpc.NodeLog log(NodeName node) {
        int number = Integer.parseInt(node.value().substring(1));
        AuditList.Row row = new AuditList.Row(
                "2026-05-04T10:00:%02dZ".formatted(59 - number), "node:" + node, 1, "", "", "", "", "ok", "", 0);
        return new AuditRpc.NodeLog(
                "node:" + node, number, 1, number == 2 ? List.of("a gap") : List.of(), List.of(row));
    }

    private static List<NodeName> nodes(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> new NodeName("n" + number))
                .toList();
    }

    @Test
    void ofMoreNodesThanOneAnswerCanBeAboutAllAreAskedFor() throws Exception {
        List<AuditRpc.OfNodes> asked = new CopyOnWriteArrayList<>();

        AuditClient.Recent recent = patient(reading(asked)).recent(nodes(33), 7);

        assertThat(asked)
                .containsExactly(
                        new AuditRpc.OfNodes(nodes(33).subList(0, 16), 7, false, 30_000),
                        new AuditRpc.OfNodes(nodes(33).subList(16, 32), 7, false, 30_000),
                        new AuditRpc.OfNodes(nodes(33).subList(32, 33), 7, false, 30_000));
        assertThat(recent.list().entries()).hasSize(32).isSortedAccordingTo(Comparator.comparing(AuditList.Row::at));
        assertThat(recent.unasked()).containsExactly("node n1 was not read: its agent is gone");
        assertThat(recent.broken()).containsExactly("node:n2: a gap");
    }

    @Test
    void asManyNodesAsOneAnswerCanBeAboutAreAskedForOnce() throws Exception {
        List<AuditRpc.OfNodes> asked = new CopyOnWriteArrayList<>();

        patient(reading(asked)).recent(nodes(16), 1);

        assertThat(asked).hasSize(1);
    }

    @Test
    void theLogsOfNodesAreReadToTheirBeginningsToVerifyThem() throws Exception {
        List<AuditRpc.OfNodes> asked = new CopyOnWriteArrayList<>();

        AuditReport report = patient(DEAD, reading(asked)).verify(nodes(3));

        assertThat(asked).containsExactly(new AuditRpc.OfNodes(nodes(3), 0, true, 30_000));
        assertThat(report.servers())
                .containsExactly(
                        AuditReport.Row.read("node:n2", 2, 1, List.of("a gap")),
                        AuditReport.Row.read("node:n3", 3, 1, List.of()),
                        AuditReport.Row.unread("node:n1", "its agent is gone"));
    }

    @Test
    void whatServersAndNodesRememberIsOneList() throws Exception {
        AuditClient.Recent servers = patient(first).recent();
        AuditClient.Recent nodes =
                patient(reading(new CopyOnWriteArrayList<>())).recent(nodes(2), 1);

        AuditClient.Recent both = nodes.and(servers);

        assertThat(both.list().entries()).extracting(AuditList.Row::server).containsExactly("s1", "s1", "node:n2");
        assertThat(both.unasked()).containsExactly("node n1 was not read: its agent is gone");
        assertThat(both.broken()).containsExactly("node:n2: a gap");
    }

    @Test
    void allNodesOfThePoolAreKnownToAnyServer() throws Exception {
        NodeList.Row row = new NodeList.Row(new NodeName("n7"), NodeState.FREE, "", List.of(), 0, "");
        RpcServer server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(new RpcService(ServerRpc.SERVICE)
                        .unary(ServerRpc.NODES, (_, _) -> new NodeList(List.of(row)))
                        .definition()));
        servers.add(server);

        assertThat(patient(DEAD, server.address()).nodes()).containsExactly(new NodeName("n7"));
    }

    /** Connections that are told when one of them is opened and when it is closed. */
    private static Connections counted(AtomicInteger open) {
        return Connections.over(peer -> {
            open.incrementAndGet();
            RpcChannel way = Connections.plain().to(peer);
            return new RpcChannel() {
                @Override
                public Peer peer() {
                    return peer;
                }

                @Override
                public void connect(Duration within) throws RpcFailed, InterruptedException {
                    way.connect(within);
                }

                @Override
                public <Q, A> RpcCall<Q, A> open(RpcMethod<Q, A> method, Optional<Duration> within) {
                    return way.open(method, within);
                }

                @Override
                public void close() {
                    open.decrementAndGet();
                    way.close();
                }
            };
        });
    }

    @Test
    void noConnectionStaysWhetherSomebodyAnswersInTimeOrNot() {
        AtomicInteger open = new AtomicInteger();
        for (String servers : List.of(String.join(",", first, DEAD), DEAD)) {
            AuditClient client = new AuditClient(servers, counted(open), Duration.ofMillis(300));
            for (ThrowingCallable call :
                    List.<ThrowingCallable>of(client::recent, client::verify, client::tree, client::nodes)) {
                // What they say is not what this is about.
                var _ = catchThrowable(call);
            }
        }

        assertThat(open).hasValue(0);
    }
}
