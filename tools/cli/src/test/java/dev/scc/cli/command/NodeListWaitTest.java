package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@Timeout(240)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class NodeListWaitTest {
    private static final Duration LIMIT = Duration.ofSeconds(14);

    @TempDir
    private Path data;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** The server comes back too late for the patience of one connection, and has to be found all the same. */
    @Test
    void aServerThatIsAwayForAWhileIsWaitedFor() throws Exception {
        InetSocketAddress address;
        try (ServerProcess server = embedded(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            String hosts = server.address();
            int port = Integer.parseInt(hosts.substring(hosts.lastIndexOf(':') + 1));
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }
        long begin = System.nanoTime();
        FutureTask<Integer> listing = new FutureTask<>(() -> list("127.0.0.1:" + address.getPort()));
        Thread.ofVirtual().start(listing);
        await().atMost(LIMIT).until(() -> System.nanoTime() - begin > 11_000_000_000L);

        assertThat(listing).as(err::toString).isNotDone();
        try (ServerProcess _ = embedded(address)) {
            // Nobody runs an agent here: that it says so means that it has reached the server.
            assertThat(listing.get()).as(err::toString).isEqualTo(124);
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("0 nodes are free");
    }

    private ServerProcess embedded(InetSocketAddress api) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return ServerProcess.embedded(data, any, api, Security.GUARDED, Timing.usual());
    }

    private int list(String hosts) {
        String credentials = data.resolve(Administrator.CREDENTIALS).toString();
        String[] words = {
            "--server", hosts, "--credentials", credentials, "--timeout", "25s", "node", "list", "--wait", "1"
        };
        return CommandLineRun.run(
                words,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
