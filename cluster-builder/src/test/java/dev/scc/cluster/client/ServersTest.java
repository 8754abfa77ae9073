package dev.scc.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Request;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.Told;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcFailed.Kind;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.view.ClusterList;
import dev.scc.host.UserMistake;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ServersTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static Duration turn(int tried, int servers) {
        return Servers.turn(tried, servers, MINUTE);
    }

    @Test
    void severalServersTakeTurnsThatGetLonger() {
        assertThat(List.of(turn(0, 2), turn(1, 2), turn(2, 2), turn(3, 2), turn(4, 2)))
                .containsExactly(
                        Duration.ofMillis(900),
                        Duration.ofMillis(900),
                        Duration.ofMillis(1800),
                        Duration.ofMillis(1800),
                        Duration.ofMillis(3600));
        assertThat(Servers.turn(0, 2, Duration.ofMillis(899))).isEqualTo(Duration.ofMillis(899));
        assertThat(turn(1_000, 2)).as("however often").isEqualTo(MINUTE);
    }

    @Test
    void theOnlyServerMayTakeAllTheTime() {
        assertThat(turn(0, 1)).isEqualTo(MINUTE);
        assertThat(turn(7, 1)).isEqualTo(MINUTE);
    }

    /** It takes connections, and says nothing. */
    @Test
    @Timeout(240)
    void serversThatAreSilentAreGivenUpInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Servers servers = new Servers(List.of("127.0.0.1:" + silent.getLocalPort()), Connections.plain())) {

            assertThatThrownBy(() ->
                            servers.ask(ServerRpc.CLUSTERS, new ServerRpc.Nothing(), Duration.ofMillis(150), true))
                    .isInstanceOf(LineLost.class);
        }
    }

    @Test
    void beatsAreAskedForAndSilenceIsNotLongWhereThereIsAnotherServer() {
        try (Servers one = new Servers(List.of("127.0.0.1:1"), Connections.plain());
                Servers two = new Servers(List.of("127.0.0.1:1", "127.0.0.1:2"), Connections.plain())) {
            assertThat(one.beat()).isZero();
            assertThat(two.beat()).isEqualTo(Duration.ofMillis(300));
            assertThat(one.silence(MINUTE)).isEqualTo(MINUTE);
            assertThat(two.silence(MINUTE)).as("three beats").isEqualTo(Duration.ofMillis(900));
        }
    }

    @Test
    void whatAnotherServerMayDoBetterIsNoMistake() {
        assertThat(Servers.lost(new RpcFailed(Kind.UNREACHABLE, "gone")).silent())
                .isFalse();
        assertThat(Servers.lost(new RpcFailed(Kind.UNKNOWN_METHOD, "old")).silent())
                .isFalse();
        assertThat(Servers.lost(new RpcFailed(Kind.TIMED_OUT, "slow")).silent()).isTrue();
        assertThatThrownBy(() -> Servers.lost(new RpcFailed(Kind.REFUSED, "no")))
                .isInstanceOf(UserMistake.class);
        assertThatThrownBy(() -> Servers.lost(new RpcFailed(Kind.FAILED, "its disk is broken")))
                .isInstanceOf(ServerFailed.class)
                .hasMessage("its disk is broken");
    }

    private static RpcServer serving(RpcService service) throws Exception {
        return RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(service.definition()));
    }

    @Test
    @Timeout(240)
    void aServerThatIsBusyIsNotAskedWithoutAPause() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (RpcServer busy = serving(new RpcService(ServerRpc.SERVICE).unary(ServerRpc.CLUSTERS, (_, _) -> {
                    asked.incrementAndGet();
                    throw new RpcFailed(Kind.BUSY, "one at a time");
                }));
                Servers servers = new Servers(List.of(busy.address(), busy.address()), Connections.plain())) {
            assertThatThrownBy(() ->
                            servers.ask(ServerRpc.CLUSTERS, new ServerRpc.Nothing(), Duration.ofMillis(550), true))
                    .isInstanceOf(LineLost.class)
                    .hasMessageContaining("one at a time");
        }

        assertThat(asked.get()).isBetween(1, 6);
    }

    /** Another server answers the next question, too. */
    @Test
    @Timeout(240)
    void theServerThatHasAnsweredIsAskedFirstTheNextTime() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (RpcServer busy = serving(new RpcService(ServerRpc.SERVICE).unary(ServerRpc.CLUSTERS, (_, _) -> {
                    asked.incrementAndGet();
                    throw new RpcFailed(Kind.BUSY, "one at a time");
                }));
                RpcServer answers = serving(new RpcService(ServerRpc.SERVICE)
                        .unary(ServerRpc.CLUSTERS, (_, _) -> new ClusterList(List.of())));
                Servers servers = new Servers(List.of(busy.address(), answers.address()), Connections.plain())) {
            for (int time = 0; time < 3; time++) {
                assertThat(servers.ask(ServerRpc.CLUSTERS, new ServerRpc.Nothing(), MINUTE, true)
                                .clusters())
                        .isEmpty();
            }
        }

        assertThat(asked).hasValue(1);
    }

    /** Else a server would go on to follow what nobody listens to. */
    @Test
    @Timeout(240)
    void whoHangsUpIsNotToldAnyMore() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (RpcServer server = serving(new RpcService(ServerRpc.SERVICE).streaming(ServerRpc.ASK, (_, _, answers) -> {
                    answers.send(new Told.Beat());
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        gone.countDown();
                        throw e;
                    }
                }));
                Servers servers = new Servers(List.of(server.address()), Connections.plain())) {
            try (RequestLines.Line line =
                    servers.open(0, new ServerRpc.Ask("r1", new Request.Delete(new ClusterName("demo")), 0))) {
                assertThat(line.next(MINUTE)).isEqualTo(new Told.Beat());
            }

            gone.await();
        }
    }

    @Test
    void allConnectionsGoWithIt() {
        List<String> closed = new ArrayList<>();
        Connections noted = Connections.over(peer -> new RpcChannel() {
            @Override
            public Peer peer() {
                return peer;
            }

            @Override
            public void connect(Duration within) {}

            @Override
            public <Q, A> RpcCall<Q, A> open(RpcMethod<Q, A> method, Optional<Duration> within) {
                throw new UnsupportedOperationException("nobody calls");
            }

            @Override
            public void close() {
                closed.add(peer.address());
            }
        });

        new Servers(List.of("a:1", "b:2"), noted).close();

        assertThat(closed).containsExactly("a:1", "b:2");
    }
}
