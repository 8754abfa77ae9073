package dev.scc.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcFailed.Kind;
import dev.scc.host.UserMistake;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
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
    @Timeout(30)
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
        assertThatThrownBy(() -> Servers.lost(new RpcFailed(Kind.FAILED, "a defect")))
                .isInstanceOf(IllegalStateException.class);
    }
}
