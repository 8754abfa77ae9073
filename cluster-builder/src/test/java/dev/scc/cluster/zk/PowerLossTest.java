package dev.scc.cluster.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a power loss leaves of ZooKeeper's last log: a server starts on it if it can lose nothing, and else says what to do. */
@Timeout(240)
class PowerLossTest {
    private static final int ENTRIES = 20;

    @TempDir
    Path directory;

    private Path data = Path.of("");

    @BeforeEach
    void serverThatHasPromisedSomething() throws Exception {
        data = directory.resolve("zookeeper");
        try (EmbeddedZooKeeper server = start();
                ZooKeeperTree tree = tree(server)) {
            for (int i = 0; i < ENTRIES; i++) {
                tree.commit(List.of(new Op.Create("/entry-" + i, "value " + i)));
            }
        }
    }

    private EmbeddedZooKeeper start() throws Exception {
        return EmbeddedZooKeeper.start(data, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static ZooKeeperTree tree(EmbeddedZooKeeper server) throws InterruptedException {
        ZooKeeperTree tree =
                TreeSessions.open("127.0.0.1:" + server.port(), Connections.plain(), Duration.ofSeconds(10));
        assertThat(tree.awaitConnected(Duration.ofSeconds(30))).isTrue();
        return tree;
    }

    private Path lastLog() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("version-2"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("log."))
                    .max(Comparator.comparingLong(
                            file -> Long.parseLong(file.getFileName().toString().substring("log.".length()), 16)))
                    .orElseThrow();
        }
    }

    /** Flips a byte, that many before the zeros begin that the log was made long with; or cuts it there. */
    private Path hurt(Path log, int before, boolean cut) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            byte[] written = new byte[(int) Math.min(file.length(), 1 << 20)];
            file.readFully(written);
            int end = written.length;
            while (written[end - 1] == 0) {
                end--;
            }
            if (cut) {
                file.setLength(end - before);
            } else {
                file.seek(end - before);
                file.write(~written[end - before]);
            }
        }
        return log;
    }

    private void startsWithAllThatWasPromised() throws Exception {
        try (EmbeddedZooKeeper server = start();
                ZooKeeperTree tree = tree(server)) {
            for (int i = 0; i < ENTRIES; i++) {
                assertThat(tree.get("/entry-" + i).map(Entry::text)).contains("value " + i);
            }
            tree.commit(List.of(new Op.Create("/after", "the loss")));
        }
        try (EmbeddedZooKeeper server = start();
                ZooKeeperTree tree = tree(server)) {
            assertThat(tree.get("/after").map(Entry::text)).contains("the loss");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 15})
    void aLogThatWasOnlyBegunIsNoLoss(int bytes) throws Exception {
        byte[] header = Arrays.copyOf(Files.readAllBytes(lastLog()), bytes);
        Files.write(data.resolve("version-2/log.ffff"), header);

        startsWithAllThatWasPromised();
    }

    /** The last record is the end of the session that wrote the entries. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20})
    void aLastRecordThatIsNotWholeIsNoLoss(int before) throws Exception {
        Path log = hurt(lastLog(), before, false);

        startsWithAllThatWasPromised();

        try (Stream<Path> kept = Files.list(data.resolve("damaged"))) {
            assertThat(kept.map(file -> file.getFileName().toString()))
                    .singleElement()
                    .asString()
                    .startsWith(log.getFileName().toString());
        }
    }

    @Test
    void aLogThatIsCutInItsLastRecordIsNoLoss() throws Exception {
        hurt(lastLog(), 5, true);

        startsWithAllThatWasPromised();
    }

    @Test
    void damageBeforeWhatWasPromisedIsRefusedWithTheFileAndTheWayOut() throws Exception {
        Path log = hurt(lastLog(), 500, false);
        byte[] before = Files.readAllBytes(log);

        assertThatThrownBy(this::start)
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(log.toString(), "damaged at byte", "put a backup", "peers");

        assertThat(Files.readAllBytes(log)).isEqualTo(before);
    }

    @Test
    void damageInAnEarlierLogIsRefusedWithItsName() throws Exception {
        Path first = lastLog();
        try (EmbeddedZooKeeper server = start();
                ZooKeeperTree tree = tree(server)) {
            tree.commit(List.of(new Op.Create("/later", "in another log")));
        }
        assertThat(lastLog()).isNotEqualTo(first);
        hurt(first, 500, false);
        try (Stream<Path> files = Files.list(data.resolve("version-2"))) {
            for (Path snapshot : files.filter(
                            file -> !file.getFileName().toString().startsWith("log."))
                    .filter(file -> !file.getFileName().toString().equals("snapshot.0"))
                    .toList()) {
                Files.delete(snapshot);
            }
        }

        assertThatThrownBy(this::start)
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(first.toString(), "damaged at byte");
    }
}
