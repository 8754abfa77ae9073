package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.rpc.Answers;
import dev.scc.host.Location;
import dev.scc.job.Stage;
import dev.scc.job.files.FileSelection;
import dev.scc.job.files.PieceOutput;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class StageAreaEndTest {
    @TempDir
    Path scratch;

    private final BlockingQueue<NodeEvent> said = new LinkedBlockingQueue<>();

    private StageArea filled(Answers<NodeEvent> lead) throws IOException, InterruptedException {
        Path brought = Files.createDirectory(scratch.resolve("brought"));
        Files.writeString(brought.resolve("data"), "some");
        NodeSettings settings = new NodeSettings(
                scratch,
                scratch,
                scratch,
                new JobTools(scratch, scratch, scratch, scratch, scratch),
                new Location.Machine(),
                Duration.ofSeconds(20),
                JobPolicy.usual());
        JobUser user = new JobUser.Same();
        StageArea area = new StageArea(
                new Stage(4, List.of("*")),
                Files.createDirectory(scratch.resolve("job")),
                user,
                new UserFiles(settings, user),
                lead);
        PieceOutput out = new PieceOutput(area::take);
        FileSelection.all(brought).write(out, FileChannel::open);
        out.flush();
        area.end();
        return area;
    }

    /** Class of hole: a thread that outlives its job. */
    @Test
    @Timeout(240)
    void aLeadThatTakesNothingDoesNotKeepTheNodeFromEndingTheJob() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        StageArea area = filled(event -> {
            if (!(event instanceof NodeEvent.Collected)) {
                said.add(event);
                return;
            }
            waits.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                ended.countDown();
            }
        });
        assertThat(said.poll(10, TimeUnit.SECONDS)).isEqualTo(new NodeEvent.Staged(Optional.empty()));
        area.collect();
        waits.await();

        area.close();

        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
    }

    /** Class of hole: an error of the JVM's that nobody hears of. */
    @Test
    @Timeout(240)
    void anErrorWhileFilesAreReadIsToldToTheLead() throws Exception {
        StageArea area = filled(event -> {
            if (event instanceof NodeEvent.Collected) {
                throw new StackOverflowError("of a pattern");
            }
            said.add(event);
        });
        assertThat(said.poll(10, TimeUnit.SECONDS)).isEqualTo(new NodeEvent.Staged(Optional.empty()));

        area.collect();

        assertThat(said.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new NodeEvent.CollectedAll(Optional.of("java.lang.StackOverflowError: of a pattern")));
        area.close();
    }
}
