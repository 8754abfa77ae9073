package dev.scc.job.pmi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.NativeFiles;
import dev.scc.job.TestPrograms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server with the client of the MPICH that the distribution ships, without anything between them. */
@Timeout(240)
class MpichClientIT {
    private static final int RANKS = 4;
    private static final int FINALIZE_BARRIER = 4;

    private final List<PmiServer.Abort> aborts = new CopyOnWriteArrayList<>();
    private final Map<Integer, List<String>> said = new ConcurrentHashMap<>();
    private final List<Integer> arrived = new CopyOnWriteArrayList<>();
    private final PmiServer server =
            new PmiServer("kvs_test", RANKS, "(vector,(0,1,4))", new Recorded(aborts, arrived));

    private PmiListener.Conversation accept(PmiPeer peer) {
        PmiSession session = server.connect(Set.of(0, 1, 2, 3), peer);
        List<String> lines = new CopyOnWriteArrayList<>();
        return new PmiListener.Conversation() {
            @Override
            public void exceeded(String why) {
                throw new AssertionError(why);
            }

            @Override
            public void received(String line) {
                lines.add(line);
                if (line.startsWith("cmd=initack")) {
                    said.put(Integer.parseInt(line.replaceAll(".*pmiid=([0-9]+).*", "$1")), lines);
                }
                session.receive(line);
            }

            @Override
            public void ended() {}
        };
    }

    private static final Map<String, String> SHARED_MEMORY = Map.of("UCX_TLS", "self,sm");

    private List<Process> start(PmiListener listener, Map<String, String> ucx, String... arguments) throws Exception {
        Path program = TestPrograms.compile("ring", "mpicc.mpich");
        List<String> argv = new ArrayList<>(List.of(program.toString()));
        argv.addAll(List.of(arguments));
        List<Process> processes = new ArrayList<>();
        for (int rank = 0; rank < RANKS; rank++) {
            ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
            builder.environment().putAll(ucx);
            builder.environment()
                    .putAll(Map.of("PMI_PORT", "127.0.0.1:" + listener.port(), "PMI_ID", Integer.toString(rank)));
            processes.add(builder.start());
        }
        return processes;
    }

    private static String output(Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void fourStockRanksRunAndFinalize() throws Exception {
        List<Process> processes;
        List<String> outputs = new ArrayList<>();
        try (PmiListener listener = PmiListener.start(ServerSocketFactory.getDefault(), this::accept)) {
            processes = start(listener, SHARED_MEMORY);
            for (Process process : processes) {
                outputs.add(output(process));
            }
        }

        assertThat(outputs)
                .isEqualTo(IntStream.range(0, RANKS)
                        .mapToObj(rank -> "rank " + rank + " of 4, sum 10")
                        .toList());
        assertThat(processes).allMatch(process -> process.exitValue() == 0);
        assertThat(said).hasSize(RANKS);
        assertThat(said.get(1)).first().isEqualTo("cmd=initack pmiid=1");
        assertThat(said.get(1)).last().isEqualTo("cmd=finalize");
        assertThat(IntStream.range(0, RANKS)).noneMatch(server::unfinished);
        assertThat(aborts).isEmpty();
    }

    /**
     * MPICH 4.0 waits in {@code MPI_Finalize} without making progress, so over TCP a late rank used to wait for ever for
     * answers of those that were there before it.
     */
    @Test
    void rankThatFinalizesAfterTheOthersIsAnswered(@TempDir Path directory) throws Exception {
        Path go = directory.resolve("go");
        Map<String, String> tcp = Map.of(
                "UCX_TLS",
                "tcp,self",
                "UCX_NET_DEVICES",
                "lo",
                "LD_PRELOAD",
                NativeFiles.find("libscc-progress.so").toString());
        List<Process> processes = List.of();
        try (PmiListener listener = PmiListener.start(ServerSocketFactory.getDefault(), this::accept)) {
            processes = start(listener, tcp, "1", "late", go.toString());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> IntStream.range(1, RANKS).allMatch(this::waitsToFinalize));
            Files.createFile(go);

            for (Process process : processes) {
                output(process);
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }

        assertThat(processes).allMatch(process -> process.exitValue() == 0);
    }

    /** Whether the rank is at its fourth barrier: {@code MPI_Init} of ranks that share a node takes three. */
    private boolean waitsToFinalize(int rank) {
        return said.getOrDefault(rank, List.of()).stream()
                        .filter("cmd=barrier_in"::equals)
                        .count()
                == FINALIZE_BARRIER;
    }

    @Test
    void abortReachesTheServerWithItsCode() throws Exception {
        try (PmiListener listener = PmiListener.start(ServerSocketFactory.getDefault(), this::accept)) {
            List<Process> processes = start(listener, SHARED_MEMORY, "1", "abort", "2", "7");
            try {
                // The rank does not end by itself: it waits to be killed by whoever runs the job.
                await().atMost(Duration.ofSeconds(30)).until(() -> !aborts.isEmpty());
            } finally {
                processes.forEach(Process::destroyForcibly);
            }

            assertThat(aborts).containsExactly(new PmiServer.Abort(2, 7, ""));
            assertThat(server.unfinished(2)).isTrue();
        }
    }
}
