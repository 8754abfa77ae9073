package dev.scc.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.scc.cluster.client.Renewal;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.slf4j.LoggerFactory;

/** A node that was away for longer than its certificate lives, and a real server. */
@Timeout(240)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class JoinedCredentialsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final NodeName N7 = new NodeName("n7");
    private static final Principal NODE = new Principal(Role.NODE, "n7");

    @TempDir
    Path directory;

    private ServerProcess server;
    private Path agent;
    private Credentials expired;

    @BeforeEach
    void start() throws Exception {
        Path data = directory.resolve("server");
        server = ServerProcess.embedded(data, ANY, ANY, Security.GUARDED, Timing.usual());
        Authority authority = Authority.open(
                data.resolve(Security.AUTHORITY), () -> Instant.now().minus(Duration.ofHours(25)));
        expired = authority.issue(NODE, Duration.ofHours(24));
        agent = directory.resolve("agent");
        expired.write(agent.resolve(JoinedCredentials.OWN));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JoinToken token() throws Exception {
        Path shown = directory.resolve("server").resolve(Administrator.CREDENTIALS);
        try (TrustClient admin =
                TrustClient.to(server.address(), Connections.as(new LiveCredentials(Credentials.read(shown))), LONG)) {
            return JoinToken.parse(admin.invite(NODE, Optional.empty(), Duration.ofMinutes(10), Optional.empty())
                    .text());
        }
    }

    @Test
    void itsAgentIsToldHowToComeBackAndComesBack() throws Exception {
        assertThatThrownBy(() -> JoinedCredentials.of(N7, agent, server.address(), Optional.empty()))
                .isInstanceOf(UserMistake.class)
                .hasMessageContaining(agent.resolve(JoinedCredentials.OWN) + " has expired at " + expired.ends())
                .hasMessageContaining("scc token create --node n7 makes a token for it")
                .hasMessageContaining("scc agent --token TOKEN comes in by that");

        // All that it is told is where ZooKeeper is: the servers' own port is a free one here, which its token names.
        await().atMost(LONG).ignoreExceptions().untilAsserted(() -> {
            try (JoinedCredentials back = JoinedCredentials.of(N7, agent, server.hosts(), Optional.of(token()))) {
                assertThat(back.connections(N7)
                                .credentials()
                                .orElseThrow()
                                .current()
                                .ends())
                        .isAfter(Instant.now());
            }
        });
        assertThat(Credentials.read(agent.resolve(JoinedCredentials.OWN)).ends())
                .isAfter(Instant.now());
        Path keeper = agent.resolve(JoinedCredentials.KEEPER);
        Files.delete(keeper);
        JoinedCredentials.of(N7, agent, server.hosts(), Optional.empty()).close();
        assertThat(Credentials.read(keeper).ends())
                .as("renewed at the server that was remembered")
                .isAfter(Instant.now());
    }

    /** As when no server could be reached for a day: the process is there still, and tries in vain. */
    @Test
    void anAgentThatRunsSaysWhatItNeeds() {
        List<ILoggingEvent> logged = new CopyOnWriteArrayList<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                logged.add(event);
            }
        };
        appender.start();
        Logger logger = (Logger) LoggerFactory.getLogger(Renewal.class);
        logger.addAppender(appender);
        LiveCredentials shown = new LiveCredentials(expired);

        try (Renewal _ =
                Renewal.start(shown, Connections.as(shown), server.address(), agent.resolve(JoinedCredentials.OWN))) {
            await().atMost(LONG).until(() -> !logged.isEmpty());
        } finally {
            logger.detachAppender(appender);
        }

        assertThat(logged.getFirst()).satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getFormattedMessage()).contains("comes back by a new token");
            assertThat(event.getKeyValuePairs())
                    .anySatisfy(
                            pair -> assertThat(String.valueOf(pair.value)).startsWith("scc token create --node n7"));
        });
        assertThat(shown.current()).isEqualTo(expired);
    }
}
