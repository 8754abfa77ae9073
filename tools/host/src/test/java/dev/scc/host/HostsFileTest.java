package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsFileTest {
    @TempDir
    Path directory;

    private HostsFile file(String mark, boolean inPlace) {
        return new HostsFile(directory.resolve("hosts"), mark, inPlace);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void foreignLinesAreAsTheyWereWhateverWasKeptBesideThem(boolean inPlace) throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Path hosts = directory.resolve("hosts");
        for (int round = 0; round < 200; round++) {
            byte[] foreign = new byte[random.nextInt(60)];
            random.nextBytes(foreign);
            if (foreign.length == 0) {
                Files.deleteIfExists(hosts);
            } else {
                Files.write(hosts, foreign);
            }
            List<HostsFile> keepers = List.of(file("a", inPlace), file("b", inPlace));
            for (int change = random.nextInt(5); change > 0; change--) {
                keepers.get(random.nextInt(2)).keep(random.nextBoolean() ? "" : "10.0.0." + change + " n1.demo\n");
            }
            int first = random.nextInt(2);
            keepers.get(first).keep("");
            keepers.get(1 - first).keep("");

            if (foreign.length == 0) {
                assertThat(hosts).as("seed %d", seed).doesNotExist();
            } else {
                assertThat(Files.readAllBytes(hosts)).as("seed %d", seed).isEqualTo(foreign);
            }
        }
    }

    /** As two agents do that share a machine's file. */
    @Test
    void foreignLinesAreThereAtAnyMomentWhileSeveralWrite() throws Exception {
        Path hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost\n");
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> reader = threads.submit(() -> {
                int missing = 0;
                while (!over.get()) {
                    missing += Files.readString(hosts).startsWith("127.0.0.1 localhost\n") ? 0 : 1;
                }
                return missing;
            });
            List<Future<Integer>> writers = new ArrayList<>();
            for (String mark : List.of("a", "b", "c")) {
                writers.add(threads.submit(() -> {
                    int changed = 0;
                    for (int round = 0; round < 100; round++) {
                        changed += keptDespiteOthers(mark, round % 2 == 0 ? "10.0.0.1 n1.demo\n" : "");
                    }
                    return changed;
                }));
            }
            for (Future<Integer> writer : writers) {
                assertThat(writer.get()).isPositive();
            }
            over.set(true);
            assertThat(reader.get()).isZero();
        }
        assertThat(Files.readString(hosts)).startsWith("127.0.0.1 localhost\n");
        assertThat(directory).isDirectoryNotContaining("glob:**.scc-*");
    }

    private int keptDespiteOthers(String mark, String lines) throws IOException {
        try {
            return file(mark, false).keep(lines) ? 1 : 0;
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("changed by others");
            return 0;
        }
    }

    @Test
    void whatAKilledWriterHasLeftIsRemoved() throws IOException {
        Path left = Files.createFile(directory.resolve(".hosts.scc-999999999-1"));
        Path foreign = Files.createFile(directory.resolve(".hosts.swp"));

        file("a", false).keep("10.0.0.1 n1.demo\n");

        assertThat(left).doesNotExist();
        assertThat(foreign).exists();
    }

    @Test
    void linesAreReplacedAndTheFileKeepsItsRightsAndTheLinkToIt() throws IOException {
        Path real = Files.writeString(directory.resolve("real"), "127.0.0.1 localhost\n");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r--r--"));
        Files.createSymbolicLink(directory.resolve("hosts"), real);

        assertThat(file("a", false).keep("10.0.0.1 n1.demo\n")).isTrue();
        assertThat(file("a", false).keep("10.0.0.1 n1.demo\n")).isFalse();
        assertThat(file("a", false).keep("10.0.0.2 n2.demo\n")).isTrue();

        assertThat(directory.resolve("hosts")).isSymbolicLink();
        assertThat(Files.readString(real))
                .startsWith("127.0.0.1 localhost\n")
                .contains("\n10.0.0.2 n2.demo\n")
                .doesNotContain("n1.demo");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                .isEqualTo("rw-r--r--");
        assertThat(directory).isDirectoryNotContaining("glob:**.scc-*");
    }

    @Test
    void whatSomebodyWroteBehindLinesWhoseEndHeTookAwayStays() throws IOException {
        Path hosts = directory.resolve("hosts");
        file("a", false).keep("10.0.0.1 n1.demo\n");
        String there = Files.readString(hosts);
        Files.writeString(hosts, there.substring(0, there.lastIndexOf('#')) + "10.1.1.1 mine\n");

        file("a", false).keep("");

        assertThat(Files.readString(hosts)).isEqualTo("10.0.0.1 n1.demo\n10.1.1.1 mine\n");
    }
}
