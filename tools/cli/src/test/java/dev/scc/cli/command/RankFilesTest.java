package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cli.failure.Failure;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.NodeName;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.MpiFamily;
import dev.scc.job.Transport;
import dev.scc.job.client.OutputSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RankFilesTest {
    private static final NodeName N1 = new NodeName("n1");

    /** Nobody is interested in what is no rank's here. */
    private static final OutputSink NOBODY = new OutputSink() {
        @Override
        public void started(JobEvent.Started started) {
            // It is not told.
        }

        @Override
        public void output(boolean errors, byte[] bytes) {
            throw new AssertionError("a rank's output belongs in its file");
        }
    };

    @TempDir
    Path directory;

    private static JobEvent.Started started(int ranks) {
        return new JobEvent.Started(new JobId("demo-1"), MpiFamily.NONE, Transport.NONE, ranks, 1);
    }

    private static JobEvent.Output piece(Optional<Integer> rank, boolean errors, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new JobEvent.Output(N1, rank, errors, Bytes.of(bytes, 0, bytes.length));
    }

    @Test
    void eachRankHasItsTwoFilesAndWhatWasThereBeforeIsGone() throws Exception {
        Path out = directory.resolve("a/b");
        Files.createDirectories(out);
        Files.writeString(out.resolve("rank-1.err"), "of yesterday");
        RankFiles files = RankFiles.in(out, NOBODY);

        files.started(started(2));
        assertThat(files.take(piece(Optional.of(0), false, "no end"))).isTrue();
        assertThat(files.take(piece(Optional.of(0), false, " of line\0"))).isTrue();
        assertThat(files.take(piece(Optional.of(0), true, "oh\n"))).isTrue();
        assertThat(files.take(piece(Optional.empty(), true, "mpirun says"))).isFalse();
        files.close();

        assertThat(out.resolve("rank-0.out")).hasContent("no end of line\0");
        assertThat(out.resolve("rank-0.err")).hasContent("oh\n");
        assertThat(out.resolve("rank-1.out")).isEmptyFile();
        assertThat(out.resolve("rank-1.err")).isEmptyFile();
        assertThat(files.problem()).isEmpty();
    }

    /** Class of hole: symbolic links (CWE-59). */
    @Test
    void outputIsLedNowhereElseByALink() throws Exception {
        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Files.createSymbolicLink(directory.resolve("rank-0.out"), victim);
        RankFiles files = RankFiles.in(directory, NOBODY);

        files.started(started(1));
        files.take(piece(Optional.of(0), false, "spoilt"));
        files.close();

        assertThat(victim).hasContent("precious");
        assertThat(files.problem()).isPresent();
    }

    /** Class of hole: one descriptor for each of what may be many. */
    @Test
    void moreRanksThanFilesMayBeOpenLoseNothing() throws Exception {
        RankFiles files = RankFiles.in(directory, NOBODY);
        files.started(started(300));

        for (int round = 0; round < 3; round++) {
            for (int rank = 0; rank < 300; rank++) {
                files.take(piece(Optional.of(rank), false, "r" + rank + " " + round + "\n"));
            }
        }
        files.close();

        for (int rank = 0; rank < 300; rank++) {
            assertThat(Files.readString(directory.resolve("rank-" + rank + ".out")))
                    .isEqualTo("r%1$d 0\nr%1$d 1\nr%1$d 2\n".formatted(rank));
        }
    }

    @Test
    void aDirectoryThatCannotBeWrittenToIsRefusedBeforeAnythingStarts() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> RankFiles.in(file, NOBODY))
                .isInstanceOfSatisfying(
                        Failure.class,
                        refused -> assertThat(refused.problem().toString())
                                .contains("output directory " + file, "nothing was started"));
    }

    /** Class of hole: output that cannot be written, and nobody is told. */
    @Test
    void whatCannotBeWrittenIsToldAtTheEnd() throws Exception {
        RankFiles files = RankFiles.in(directory, NOBODY);
        files.started(started(1));
        Files.delete(directory.resolve("rank-0.out"));
        Files.createSymbolicLink(directory.resolve("rank-0.out"), Path.of("/dev/full"));

        assertThat(files.take(piece(Optional.of(0), false, "lost"))).isTrue();
        files.close();

        assertThat(files.problem())
                .hasValueSatisfying(problem -> assertThat(problem.why()).contains("not complete"));
    }
}
