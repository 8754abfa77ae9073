package dev.scc.job.pmi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;

class PmiListenerTest {
    /** Makes sockets of a process that has no descriptor left. */
    private static final class Exhausted extends ServerSocketFactory {
        private final AtomicInteger tries = new AtomicInteger();

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return createServerSocket(port, 1);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return createServerSocket(port, backlog, InetAddress.getLoopbackAddress());
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
            return new ServerSocket(port, backlog, address) {
                @Override
                public Socket accept() throws IOException {
                    tries.incrementAndGet();
                    throw new IOException("Too many open files");
                }
            };
        }
    }

    @Test
    void withoutDescriptorsItTriesNowAndThen() throws Exception {
        Exhausted sockets = new Exhausted();
        try (PmiListener _ = PmiListener.start(sockets, peer -> {
            throw new AssertionError("nobody can have connected");
        })) {
            await().until(() -> sockets.tries.get() >= 2);
            await().during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> sockets.tries.get() < 20);
        }

        assertThat(sockets.tries.get()).isGreaterThanOrEqualTo(2);
    }
}
