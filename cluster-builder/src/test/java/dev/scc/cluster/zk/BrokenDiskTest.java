package dev.scc.cluster.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.rpc.Connections;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class BrokenDiskTest {
    @TempDir
    Path directory;

    @Test
    void serverThatCannotWriteItsDataSaysSo() throws Exception {
        CompletableFuture<String> broken = new CompletableFuture<>();
        Path data = directory.resolve("zookeeper");
        try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(
                data, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty(), broken::complete)) {
            // The log is begun with the first transaction: here it cannot.
            Path log = data.resolve("version-2");
            Files.move(log, directory.resolve("elsewhere"));
            // Whoever purges old logs may look for them at this moment, and makes their directory if it is not there.
            await().ignoreExceptionsInstanceOf(FileSystemException.class).until(() -> {
                Files.deleteIfExists(log);
                return Files.exists(Files.createFile(log));
            });

            try (ZooKeeperTree tree =
                    TreeSessions.open("127.0.0.1:" + server.port(), Connections.plain(), Duration.ofSeconds(4))) {
                tree.watch("/", () -> {});

                assertThat(broken.get(30, TimeUnit.SECONDS)).contains(data.toString());
            }
        }
    }
}
