package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.rpc.Connections;
import dev.scc.host.NodeName;
import dev.scc.job.client.JobClient;
import dev.scc.job.client.OutputSink;
import dev.scc.job.client.Supply;
import dev.scc.job.files.FileSelection;
import dev.scc.job.files.FileUnpacker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class StagedJobIT {
    @TempDir
    Path place;

    private TestCluster cluster;
    private Path folder;
    private final Map<NodeName, ByteArrayOutputStream> back = new TreeMap<>();
    private final StringBuilder said = new StringBuilder();

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(2);
        folder = Files.createDirectory(place.resolve("folder"));
        Files.writeString(
                folder.resolve("app"), "#!/bin/sh\npwd; cat sub/data; mkdir out; echo $SCC_RANK > out/$SCC_NODE.txt\n");
        Files.setPosixFilePermissions(folder.resolve("app"), PosixFilePermissions.fromString("rwx------"));
        Files.writeString(Files.createDirectory(folder.resolve("sub")).resolve("data"), "brought\n");
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        try {
            assertThat(cluster.leftovers()).isEmpty();
        } finally {
            cluster.stop();
        }
    }

    private JobOutcome run(long bytes, Supply.Files files, List<String> collect, String... argv) throws Exception {
        JobSpec spec = TestCluster.spec(2, MpiChoice.NONE, argv)
                .where(RankSetting.usual().with(new Stage(bytes, collect)));
        return new JobClient(Connections.plain())
                .run(
                        cluster.roster(),
                        spec,
                        Optional.empty(),
                        Attachment.BOUND,
                        Supply.none().with(Optional.of(files)),
                        new OutputSink() {
                            @Override
                            public void started(JobEvent.Started started) {
                                said.append("started\n");
                            }

                            @Override
                            public void output(boolean errors, byte[] bytes) {
                                said.append(new String(bytes, StandardCharsets.UTF_8));
                            }

                            @Override
                            public void collected(JobEvent.Collected piece) {
                                back.computeIfAbsent(piece.node(), _ -> new ByteArrayOutputStream())
                                        .writeBytes(piece.bytes().toArray());
                            }
                        });
    }

    private void write(OutputStream to) throws IOException {
        FileSelection.all(folder).write(to, FileChannel::open);
    }

    private static String why(JobOutcome outcome) {
        assertThat(outcome).isInstanceOf(JobOutcome.Refused.class);
        return ((JobOutcome.Refused) outcome).refusal().why();
    }

    @Test
    void ranksStartAmongWhatTheJobBringsAlongAndWhatTheyWriteComesBack() throws Exception {
        Files.write(folder.resolve("large"), new byte[3_000_000]);

        JobOutcome outcome = run(FileSelection.all(folder).bytes(), this::write, List.of("out/*.txt"), "./app");

        assertThat(ExitCodes.of(outcome)).as(said.toString()).isZero();
        assertThat(said.toString().lines().filter("brought"::equals)).hasSize(2);
        assertThat(said.toString()).contains("/stage\n");
        assertThat(back).hasSize(2);
        back.forEach((node, bytes) -> {
            try {
                Path own = Files.createDirectory(place.resolve(node.value()));
                FileUnpacker.unpack(new ByteArrayInputStream(bytes.toByteArray()), own, 100);
                assertThat(own.resolve("out/" + node + ".txt")).content().isIn("0\n", "1\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void whatChangesWhileItIsCopiedIsRefused() throws Exception {
        JobOutcome outcome = run(
                100,
                to -> {
                    FileSelection before = FileSelection.all(folder);
                    Files.writeString(folder.resolve("sub/data"), "");
                    before.write(to, FileChannel::open);
                },
                List.of(),
                "./app");

        assertThat(why(outcome)).contains("became shorter while it was copied");
        assertThat(said).isEmpty();
    }

    @Test
    void aStreamOfSomebodyHostileIsRefusedByTheNodeAndNothingIsStarted() throws Exception {
        JobOutcome outcome = run(
                100,
                to -> to.write(new byte[] {'f', 0, 7, '.', '.', '/', 'e', 'v', 'i', 'l', 0, 0}),
                List.of(),
                "./app");

        assertThat(why(outcome)).contains("node n").contains("does not stay below the folder");
        assertThat(said).isEmpty();
    }

    @Test
    void moreThanWasSaidIsRefused() throws Exception {
        assertThat(why(run(3, this::write, List.of(), "./app"))).contains("more than the 3 that were said");
    }

    @Test
    void whatComesBackIsToldAlsoWhenTheJobFails() throws Exception {
        JobOutcome outcome = run(1000, this::write, List.of("**"), "sh", "-c", "echo x > written; exit 3");

        assertThat(ExitCodes.of(outcome)).isEqualTo(3);
        assertThat(back).isNotEmpty();
        assertThat(back.values())
                .anySatisfy(bytes ->
                        assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).contains("written"));
    }
}
