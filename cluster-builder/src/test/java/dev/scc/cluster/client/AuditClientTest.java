package dev.scc.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.scc.cluster.api.AuditRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.view.AuditReport;
import dev.scc.cluster.view.TreeReport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers that remember something, and a third that does not answer. */
@Timeout(60)
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

    @Test
    void whatServersRememberIsToldInItsOrderAndWhoDidNotAnswer() throws Exception {
        AuditClient.Recent recent = client(first, DEAD, second).recent();

        assertThat(recent.list().entries())
                .extracting(AuditList.Row::at)
                .containsExactly("2026-05-04T10:00:01Z", "2026-05-04T10:00:02Z", "2026-05-04T10:00:03Z");
        assertThat(recent.unasked()).containsExactly("server " + DEAD + " was not asked: it does not answer");
        assertThat(client(first).recent().unasked()).isEmpty();
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
        assertThat(client(DEAD, second).tree()).isEqualTo(TREE);
    }
}
