package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.rpc.Connections;
import dev.scc.host.NodeName;
import dev.scc.host.TerminalSize;
import dev.scc.job.client.JobClient;
import dev.scc.job.client.Supply;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class TerminalJobIT {
    private static final TerminalSize SIZE = new TerminalSize(30, 100);
    private static final char CTRL_C = 3;
    private static final char CTRL_D = 4;
    private static final char CTRL_Z = 26;

    private TestCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(2);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        try {
            assertThat(cluster.leftovers()).isEmpty();
        } finally {
            cluster.stop();
        }
    }

    /** A job with a terminal, and somebody who types. */
    private final class Typist {
        private final TestCluster.Recorder screen = new TestCluster.Recorder();
        private final PipedOutputStream keys = new PipedOutputStream();
        private final CompletableFuture<JobOutcome> end = new CompletableFuture<>();
        private final CompletableFuture<Consumer<TerminalSize>> window = new CompletableFuture<>();

        Typist(Optional<NodeName> node, String script) throws IOException {
            PipedInputStream typed = new PipedInputStream(keys, 1 << 16);
            JobSpec spec = new JobSpec(
                            List.of("sh", "-c", script),
                            Optional.of(1),
                            Optional.empty(),
                            MpiChoice.NONE,
                            false,
                            Map.of("TERM", "vt100"),
                            "/",
                            false)
                    .where(RankSetting.terminal(node, SIZE));
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    end.complete(new JobClient(Connections.plain())
                            .run(
                                    cluster.roster(),
                                    spec,
                                    Optional.empty(),
                                    Attachment.BOUND,
                                    Supply.of(typed, window::complete),
                                    screen));
                } catch (Exception e) {
                    end.completeExceptionally(e);
                }
            });
        }

        Typist sees(String text) {
            await().until(() -> screen.text(false).contains(text));
            return this;
        }

        Typist types(String text) throws IOException {
            keys.write(text.getBytes(StandardCharsets.UTF_8));
            keys.flush();
            return this;
        }

        int status() throws Exception {
            return ExitCodes.of(end.get());
        }
    }

    @Test
    void theRankHasATerminalOfTheWindowsSizeAlsoWhenThatChanges() throws Exception {
        Typist typist = new Typist(
                Optional.of(new NodeName("n2")),
                "echo on $SCC_NODE; tty; stty size; trap 'stty size' WINCH; echo ready; read line; exit 7");

        typist.sees("on n2").sees("/dev/pts/").sees("30 100").sees("ready");
        typist.window.get().accept(new TerminalSize(40, 132));
        typist.sees("40 132").types("\n");

        assertThat(typist.status()).isEqualTo(7);
    }

    @Test
    void keysThatMeanSomethingReachWhatRunsInTheForeground() throws Exception {
        Typist typist = new Typist(
                Optional.empty(),
                "trap 'echo interrupted' INT; trap 'echo stopped' TSTP; echo ready; while ! read line; do :; done;"
                        + " echo got $line; cat; exit 9");

        typist.sees("ready")
                .types("" + CTRL_C)
                .sees("interrupted")
                .types("" + CTRL_Z)
                .sees("stopped");
        typist.types("word\n").sees("got word").types("" + CTRL_D);

        assertThat(typist.status()).isEqualTo(9);
    }

    @Test
    void whatRunsInATerminalIsGoneWithTheJobAndItsClient() throws Exception {
        Typist typist =
                new Typist(Optional.empty(), "trap '' HUP INT; setsid sleep 71 & while :; do echo busy; sleep 1; done");

        typist.sees("busy");
        cluster.node(1).keeper().endAll("node n1 is wanted for something else");

        assertThat(typist.end.get())
                .isInstanceOfSatisfying(
                        JobOutcome.Ended.class, ended -> assertThat(ended.end()).isInstanceOf(JobEnd.NodeLost.class));
        assertThat(ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream()))
                .noneMatch(line -> line.endsWith("sleep 71"));
    }

    @Test
    void muchOutputArrivesWholeAndWhatWasTypedMeanwhileCounts() throws Exception {
        Typist typist = new Typist(Optional.empty(), "stty -opost; seq 1 200000; read x; echo got $x");

        typist.types("more\n");

        assertThat(typist.status()).isZero();
        assertThat(typist.screen.text(false).lines().filter(line -> line.matches("[0-9]+")))
                .hasSize(200_000);
        assertThat(typist.screen.text(false)).endsWith("got more\n");
    }

    @Test
    void aNodeThatIsNoMemberIsRefusedByName() throws Exception {
        assertThat(new Typist(Optional.of(new NodeName("n9")), "true").end.get())
                .isInstanceOfSatisfying(
                        JobOutcome.Refused.class,
                        refused -> assertThat(refused.refusal().why())
                                .contains("n9")
                                .contains("no member"));
    }

    @Test
    void aTerminalIsForOneRankThatIsStartedForItself() {
        RankSetting terminal = RankSetting.terminal(Optional.empty(), SIZE);

        assertThatThrownBy(() -> TestCluster.spec(2, MpiChoice.NONE, "sh").where(terminal))
                .hasMessageContaining("one rank")
                .hasMessageContaining("2");
        assertThatThrownBy(() -> TestCluster.spec(1, MpiChoice.OPENMPI, "sh").where(terminal))
                .hasMessageContaining("--mpi none");
        assertThatThrownBy(() -> new TerminalSize(0, 80)).hasMessageContaining("rows of a terminal: 0");
    }
}
