package dev.scc.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.server.TreeHome;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that joins a real server whose ZooKeeper is somebody else's. */
@Timeout(240)
class ToldEnsembleTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final NodeName N7 = new NodeName("n7");

    @TempDir
    Path directory;

    private Path agent() {
        return directory.resolve("agent");
    }

    private AgentSettings settings(EnsembleDoor door) {
        return new AgentSettings("127.0.0.1:1", N7, "eth0", "eth1", agent(), 7070, "test", door);
    }

    private JoinToken token(ServerProcess server) throws Exception {
        Path shown = directory.resolve("server").resolve(Administrator.CREDENTIALS);
        try (TrustClient admin =
                TrustClient.to(server.address(), Connections.as(new LiveCredentials(Credentials.read(shown))), LONG)) {
            return JoinToken.parse(admin.invite(
                            new Principal(Role.NODE, "n7"), Optional.empty(), Duration.ofMinutes(10), Optional.empty())
                    .text());
        }
    }

    @Test
    void itsAgentAcceptsPlainTextOnlyIfSomebodySaysSoAndGoesByWhatServersHaveSaid() throws Exception {
        try (EmbeddedZooKeeper theirs = EmbeddedZooKeeper.start(directory.resolve("theirs"), ANY)) {
            String hosts = "127.0.0.1:" + theirs.port();
            try (ServerProcess server = ServerProcess.start(
                    new TreeHome.External(hosts, new EnsembleDoor.Plain()),
                    ANY,
                    directory.resolve("server"),
                    ServerProcess.SESSION,
                    Security.GUARDED,
                    Timing.usual())) {
                await().atMost(LONG)
                        .ignoreExceptions()
                        .until(() -> token(server).principal().name().equals("n7"));
                try (JoinedCredentials joined =
                        JoinedCredentials.of(N7, agent(), "127.0.0.1:1", Optional.of(token(server)))) {
                    assertThatThrownBy(() -> ToldEnsemble.at(settings(new EnsembleDoor.Own()), joined))
                            .isInstanceOf(UserMistake.class)
                            .hasMessageContaining(hosts + " in plain text")
                            .hasMessageContaining("--insecure-zookeeper and --server " + hosts);
                    assertThat(ToldEnsemble.at(settings(new EnsembleDoor.Plain()), joined))
                            .isEqualTo(settings(new EnsembleDoor.Plain()));
                }
                try (JoinedCredentials again = JoinedCredentials.of(N7, agent(), "127.0.0.1:1", Optional.empty())) {
                    assertThat(again.fresh()).isFalse();
                    assertThatThrownBy(() -> ToldEnsemble.at(settings(new EnsembleDoor.Own()), again))
                            .as("at each start")
                            .isInstanceOf(UserMistake.class);
                }
            }
            ToldEnsemble.keep(agent(), Optional.of(new TrustRpc.ForeignEnsemble("zk1:2281", Optional.of("a root"))));
            try (JoinedCredentials again = JoinedCredentials.of(N7, agent(), "127.0.0.1:1", Optional.empty())) {
                Path trust = agent().toAbsolutePath().resolve("zookeeper-trust.pem");
                assertThat(ToldEnsemble.at(settings(new EnsembleDoor.Own()), again))
                        .as("while no server is there")
                        .isEqualTo(settings(new EnsembleDoor.Own())
                                .with("zk1:2281", new EnsembleDoor.Tls(trust, Optional.empty())));
                assertThat(trust).hasContent("a root");
            }
        }
    }
}
