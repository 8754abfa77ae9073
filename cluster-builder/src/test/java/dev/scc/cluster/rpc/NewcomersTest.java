package dev.scc.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class NewcomersTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration DAY = Duration.ofDays(1);

    record Word(String text) {}

    private static final RpcMethod<Word, Word> ECHO =
            RpcMethod.unary("scc.Test", "Echo", Access.READERS, Word.class, Word.class);

    @TempDir
    private Path directory;

    private Authority authority;
    private RpcServer server;
    private final List<Socket> strangers = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        authority = Authority.open(directory, InstantSource.system());
        server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.as(new LiveCredentials(authority.issue(new Principal(Role.SERVER, "s1"), DAY))),
                List.of(new RpcService("scc.Test")
                        .unary(ECHO, (_, word) -> word)
                        .definition()));
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket each : strangers) {
            each.close();
        }
        server.close();
    }

    private String echo(String name) throws Exception {
        Connections person =
                Connections.as(new LiveCredentials(authority.issue(new Principal(Role.VIEWER, name), DAY)));
        try (RpcChannel channel = person.to(Peer.server("127.0.0.1:" + server.port()))) {
            return channel.call(ECHO, new Word(name), LONG).text();
        }
    }

    /** Begins a handshake as anybody can, and leaves it at that. */
    private void beginFrom(String address) throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine("127.0.0.1", server.port());
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        Socket socket = new Socket();
        strangers.add(socket);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        socket.getOutputStream().write(hello.array(), 0, hello.position());
    }

    @Test
    void allOfThoseWhoComeAtOnceGetIn() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int number = 0; number < 40; number++) {
                String name = "p" + number;
                // On a machine with other work, a handshake may take longer than it may.
                answers.add(threads.submit(
                        () -> await().atMost(LONG).ignoreExceptions().until(() -> echo(name), name::equals)));
            }
            for (int number = 0; number < answers.size(); number++) {
                assertThat(answers.get(number).get()).isEqualTo("p" + number);
            }
        }
    }

    /** Class of hole: handshakes that are begun and never ended keep others out. */
    @Test
    void whoBeginsAndSaysNothingMoreKeepsNobodyOut() throws Exception {
        for (int number = 0; number < 200; number++) {
            beginFrom("127.0.0.66");
        }

        assertThat(echo("ada")).isEqualTo("ada");
    }

    @Test
    void whoLeavesBeforeItsTurnLeavesNothingBehind() throws Exception {
        for (int number = 0; number < 100; number++) {
            beginFrom("127.0.0.66");
        }
        for (Socket each : strangers) {
            each.close();
        }

        await().atMost(LONG).until(() -> {
            int[] counts = HandshakeTurns.OF_THIS_PROCESS.counts();
            return counts[0] == 0 && counts[1] == 0;
        });
        assertThat(echo("ada")).isEqualTo("ada");
    }
}
