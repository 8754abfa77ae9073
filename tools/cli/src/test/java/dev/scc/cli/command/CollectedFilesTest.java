package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import dev.scc.job.JobEvent;
import dev.scc.job.client.OutputSink;
import dev.scc.job.files.FileSelection;
import dev.scc.job.files.PieceOutput;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectedFilesTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");

    private static final OutputSink NOBODY = new OutputSink() {
        @Override
        public void started(JobEvent.Started started) {
            throw new AssertionError("no job starts here");
        }

        @Override
        public void output(boolean errors, byte[] bytes) {
            throw new AssertionError("nothing is written here");
        }
    };

    @TempDir
    Path scratch;

    private Path left;
    private Path back;

    @BeforeEach
    void make() throws IOException {
        left = Files.createDirectory(scratch.resolve("left"));
        back = scratch.resolve("back");
    }

    private void comes(CollectedFiles files, NodeName node, String text) throws IOException, InterruptedException {
        Files.writeString(left.resolve("result"), text);
        PieceOutput out = new PieceOutput(piece -> files.collected(new JobEvent.Collected(node, piece)));
        FileSelection.all(left).write(out, FileChannel::open);
        out.flush();
    }

    private static void all(CollectedFiles files, NodeName node, Optional<String> failure) throws InterruptedException {
        files.collectedAll(new JobEvent.CollectedAll(node, failure));
    }

    @Test
    void aRestartedJobsFilesComeInPlaceOfThoseOfTheTimeBefore() throws Exception {
        try (CollectedFiles files = new CollectedFiles(back, NOBODY)) {
            comes(files, N1, "of the first time");
            all(files, N1, Optional.empty());
            comes(files, N2, "half");
            all(files, N2, Optional.of("node n2 was lost"));
            assertThat(files.problem()).isPresent();
            assertThat(back.resolve("n2")).doesNotExist();
            comes(files, N2, "never at its end");
            Files.writeString(back.resolve("mine"), "somebody else's");

            files.anew();

            assertThat(back).isDirectoryNotContaining("glob:**{n1,n2,partial}");
            assertThat(back.resolve("mine")).exists();
            for (NodeName node : new NodeName[] {N1, N2}) {
                comes(files, node, "of the second time");
                all(files, node, Optional.empty());
            }
            assertThat(files.problem()).isEmpty();
        }
        assertThat(back.resolve("n1/result")).hasContent("of the second time");
        assertThat(back.resolve("n2/result")).hasContent("of the second time");
        assertThat(back.resolve(".n1.partial")).doesNotExist();
    }

    @Test
    void whatIsThereAlreadyIsNotReplaced() throws Exception {
        Files.createDirectories(back.resolve("n1"));
        Files.writeString(back.resolve("n1/result"), "of somebody else");
        try (CollectedFiles files = new CollectedFiles(back, NOBODY)) {
            comes(files, N1, "new");
            all(files, N1, Optional.empty());

            assertThat(files.problem()).isPresent();
            files.anew();
        }
        assertThat(back.resolve("n1/result")).hasContent("of somebody else");
    }
}
