package dev.scc.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.host.command.Command;
import dev.scc.host.command.LocalCommands;
import dev.scc.job.client.JobClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class PlainJobIT {
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

    private TestCluster.Run run(int ranks, String script) throws Exception {
        return cluster.run(TestCluster.spec(ranks, MpiChoice.NONE, "sh", "-c", script));
    }

    @Test
    void eachRankKnowsWhoItIs() throws Exception {
        TestCluster.Run run = run(3, "echo $SCC_RANK of $SCC_SIZE on $SCC_NODE with $SCC_HOSTS");

        assertThat(run.exitCode()).isZero();
        assertThat(run.cause()).isEmpty();
        assertThat(run.output().lines())
                .containsExactlyInAnyOrder(
                        "0 of 3 on n1 with n1,n2", "1 of 3 on n1 with n1,n2", "2 of 3 on n2 with n1,n2");
        assertThat(run.started()).singleElement().satisfies(started -> {
            assertThat(started.mpi()).isEqualTo(MpiFamily.NONE);
            assertThat(started.nodes()).isEqualTo(2);
        });
        assertThat(run.receipt().orElseThrow().transport()).isEqualTo(Transport.NONE);
    }

    @Test
    void callersEnvironmentReachesTheRanksAndTheAgentsDoesNot() throws Exception {
        JobSpec spec = new JobSpec(
                List.of("env"),
                Optional.of(1),
                Optional.empty(),
                MpiChoice.NONE,
                false,
                Map.of("GREETING", "good day = 1"),
                "/",
                false);

        TestCluster.Run run = cluster.run(spec);

        assertThat(run.output().lines()).contains("GREETING=good day = 1");
        assertThat(run.output()).doesNotContain("JAVA_HOME", "MAVEN");
    }

    @Test
    void exitStatusPassesThroughWithTheRankThatFailedFirst() throws Exception {
        TestCluster.Run run = run(2, "[ $SCC_RANK = 0 ] && sleep 60; exit 3");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.cause()).contains("rank 1 on n2 ended with exit status 3");
    }

    @Test
    void rankThatIsKilledIsNamedWithItsSignal() throws Exception {
        TestCluster.Run run = run(2, "[ $SCC_RANK = 1 ] && kill -SEGV $$; sleep 60");

        assertThat(run.exitCode()).isEqualTo(139);
        assertThat(run.cause()).contains("rank 1 on n2 was killed by SIGSEGV (segmentation fault)");
    }

    @Test
    void programsOwnStatus137IsNotTakenForASignal() throws Exception {
        TestCluster.Run own = run(1, "exit 137");
        TestCluster.Run killed = run(1, "kill -KILL $$");

        assertThat(own.cause()).contains("rank 0 on n1 ended with exit status 137");
        assertThat(killed.cause()).contains("rank 0 on n1 was killed by SIGKILL");
        assertThat(own.exitCode()).isEqualTo(137);
        assertThat(killed.exitCode()).isEqualTo(137);
    }

    @Test
    void aDirectoryThatNodesDoNotHaveIsNamedAndNothingIsStarted() throws Exception {
        JobSpec spec = new JobSpec(
                List.of("pwd"),
                Optional.of(2),
                Optional.empty(),
                MpiChoice.NONE,
                false,
                Map.of(),
                "/no/such/place",
                false);

        TestCluster.Run run = cluster.run(spec);

        assertThat(run.outcome())
                .isEqualTo(new JobOutcome.Refused(
                        new Refusal.NoDirectory("/no/such/place", List.of(new NodeName("n1"), new NodeName("n2"))),
                        List.of()));
        assertThat(run.output()).isEmpty();
    }

    /** Text where bytes are meant would show here. U+F780 to U+F7FF stand for bytes that are no UTF-8. */
    @Test
    void bytesOfDirectoriesWordsAndVariablesPassUnchangedInWhateverEncodingOrNone(
            @TempDir(factory = OpenToAll.class) Path place) throws Exception {
        new LocalCommands()
                .check(Command.of("sh", "-c", "mkdir '" + place + "'/\"$(printf '\\351\\377 \\303\\251')\""));
        JobSpec spec = new JobSpec(
                List.of("sh", "-c", "/bin/pwd; printf '%s\\n' \"$A\" \"$1\" >&2", "sh", "\uf780\uf7c3\u4e2d"),
                Optional.of(1),
                Optional.empty(),
                MpiChoice.NONE,
                false,
                Map.of("A", "\u00e9\uf7ff="),
                place + "/\uf7e9\uf7ff \u00e9",
                false);
        TestCluster.Recorder recorder = new TestCluster.Recorder();

        JobOutcome outcome = new JobClient(Connections.plain()).run(cluster.roster(), spec, Optional.empty(), recorder);

        assertThat(ExitCodes.of(outcome)).as(recorder.text(true)).isZero();
        assertThat(hex(recorder.bytes(false))).isEqualTo(hex((place + "/").getBytes(UTF_8)) + "e9ff20c3a9" + "0a");
        assertThat(hex(recorder.bytes(true))).isEqualTo("c3a9ff3d0a" + "80c3e4b8ad0a");
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void whatANodeHasNoRoomForIsRefusedAndOtherJobsGoOn(@TempDir(factory = OpenToAll.class) Path directory)
            throws Exception {
        String waiting =
                "cd %s; echo $$ > $SCC_RANK.pid; until [ -e go ]; do sleep 0.1; done; echo well".formatted(directory);
        CompletableFuture<TestCluster.Run> other = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                other.complete(run(2, waiting));
            } catch (Exception e) {
                other.completeExceptionally(e);
            }
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> written(directory, "0.pid") && written(directory, "1.pid"));

        TestCluster.Run huge = cluster.run(TestCluster.spec(1_000_000_000, MpiChoice.NONE, "true"));
        TestCluster.Run full = cluster.run(TestCluster.spec(2 * JobLimits.RANKS_OF_A_NODE, MpiChoice.NONE, "true"));
        Files.createFile(directory.resolve("go"));

        assertThat(huge.outcome())
                .isInstanceOfSatisfying(
                        JobOutcome.Refused.class,
                        refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.TooMuch.class));
        assertThat(full.cause().orElse("it ran")).matches(".*has room for 1023 more ranks.*");
        assertThat(other.get().output()).isEqualTo("well\nwell\n");
    }

    @Test
    void missingExecutableIsNamed() throws Exception {
        TestCluster.Run run = cluster.run(TestCluster.spec(2, MpiChoice.NONE, "/no/such/program"));

        assertThat(run.exitCode()).isEqualTo(127);
        assertThat(run.cause().orElseThrow())
                .matches("rank [01] on n[12] could not be started: /no/such/program: No such file or directory");
    }

    @Test
    void fileThatCannotBeExecutedIsNamed() throws Exception {
        TestCluster.Run run = cluster.run(TestCluster.spec(1, MpiChoice.NONE, "/etc/passwd"));

        assertThat(run.exitCode()).isEqualTo(126);
        assertThat(run.cause().orElseThrow()).endsWith("/etc/passwd: Permission denied");
    }

    @Test
    void programsOwnStatus127IsNotTakenForAMissingExecutable() throws Exception {
        TestCluster.Run run = run(1, "exit 127");

        assertThat(run.cause()).contains("rank 0 on n1 ended with exit status 127");
    }

    @Test
    void hundredThousandLinesOfEachRankArriveWholeAndInOrder() throws Exception {
        JobSpec spec = new JobSpec(
                List.of("sh", "-c", "seq -f \"line %.0f of $SCC_RANK\" 100000"),
                Optional.of(2),
                Optional.empty(),
                MpiChoice.NONE,
                false,
                Map.of(),
                "/",
                true);

        TestCluster.Run run = cluster.run(spec);

        assertThat(run.exitCode()).isZero();
        for (int rank = 0; rank < 2; rank++) {
            String prefix = "[" + rank + " n" + (rank + 1) + "] ";
            List<String> lines =
                    run.output().lines().filter(line -> line.startsWith(prefix)).toList();
            int ofRank = rank;
            assertThat(lines)
                    .isEqualTo(IntStream.rangeClosed(1, 100_000)
                            .mapToObj(i -> prefix + "line " + i + " of " + ofRank)
                            .collect(Collectors.toList()));
        }
    }

    @Test
    void bothStreamsStayApart() throws Exception {
        TestCluster.Run run = run(1, "echo out; echo err >&2");

        assertThat(run.output()).isEqualTo("out\n");
        assertThat(run.errors()).isEqualTo("err\n");
    }

    @Test
    void whatARankLeavesRunningEndsWithTheJob(@TempDir(factory = OpenToAll.class) Path directory) throws Exception {
        Path pidFile = directory.resolve("pid");

        TestCluster.Run run = run(1, "setsid sleep 1000 & echo $! > " + pidFile + "; echo done");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).isEqualTo("done\n");
        long pid = Long.parseLong(Files.readString(pidFile).strip());
        await().atMost(Duration.ofSeconds(5)).until(() -> gone(pid));
    }

    @Test
    void callerThatGivesUpEndsEveryProcess(@TempDir(factory = OpenToAll.class) Path directory) throws Exception {
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                run(2, "sleep 1000 & echo $! > " + directory + "/$SCC_RANK.pid; trap '' TERM INT; wait");
            } catch (Exception e) {
                end.set(e);
            }
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> written(directory, "0.pid") && written(directory, "1.pid"));

        caller.interrupt();

        caller.join();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        for (int rank = 0; rank < 2; rank++) {
            long pid = Long.parseLong(
                    Files.readString(directory.resolve(rank + ".pid")).strip());
            await().atMost(Duration.ofSeconds(10)).until(() -> gone(pid));
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> cluster.leftovers().isEmpty());
    }

    @Test
    void lostNodeEndsTheJobAndIsNamed(@TempDir(factory = OpenToAll.class) Path directory) throws Exception {
        Thread breaker = Thread.ofPlatform().start(() -> {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> written(directory, "0.pid") && written(directory, "1.pid"));
            cluster.node(2).loseKeeper();
        });
        long begin = System.nanoTime();

        TestCluster.Run run = run(2, "echo $$ > " + directory + "/$SCC_RANK.pid; exec sleep 1000");

        breaker.join();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.cause().orElseThrow()).startsWith("node n2 was lost: ");
        assertThat(run.left()).singleElement().asString().startsWith("n2: not known to be clean");
        for (int rank = 0; rank < 2; rank++) {
            long pid = Long.parseLong(
                    Files.readString(directory.resolve(rank + ".pid")).strip());
            await().atMost(Duration.ofSeconds(10)).until(() -> gone(pid));
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> cluster.leftovers().isEmpty());
    }

    @Test
    void nodeThatLeavesItsClusterEndsTheJobCleanlyAndSaysWhy(@TempDir(factory = OpenToAll.class) Path directory)
            throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread leaver = Thread.ofPlatform().start(() -> {
            try {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> written(directory, "0.pid") && written(directory, "1.pid"));
                cluster.node(2).agent().jobs().leaveHooks().getFirst().leave(new ClusterName("demo"));
            } catch (Exception e) {
                failure.set(e);
            }
        });

        TestCluster.Run run = run(2, "echo $$ > " + directory + "/$SCC_RANK.pid; exec sleep 1000");

        leaver.join();
        assertThat(failure.get()).isNull();
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.cause()).contains("node n2 leaves cluster demo");
        assertThat(run.left()).isEmpty();
    }

    @Test
    void agentsThatEndAndComeBackChangeNothing(@TempDir(factory = OpenToAll.class) Path directory) throws Exception {
        Path goOn = directory.resolve("go-on");
        String script = "echo before; echo $$ > " + directory + "/$SCC_RANK.pid; while [ ! -e " + goOn
                + " ]; do sleep 0.1; done; echo after";
        AtomicReference<TestCluster.Run> run = new AtomicReference<>();
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                run.set(run(2, script));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> written(directory, "0.pid") && written(directory, "1.pid"));

        cluster.node(1).agent().stop();
        cluster.node(2).agent().stop();

        // Several beats, and looks at who belongs to the cluster.
        await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(20)).until(caller::isAlive);
        cluster.node(1).agent().restart();
        Files.createFile(goOn);
        caller.join();
        assertThat(run.get().exitCode()).as(run.get().outcome().toString()).isZero();
        assertThat(run.get().output().lines()).containsExactlyInAnyOrder("before", "before", "after", "after");
    }

    /** Its own agent is lost, so it does not end its part by itself. */
    @Test
    void jobEndsWhenOneOfItsNodesIsNoMemberAnyMore(@TempDir(factory = OpenToAll.class) Path directory)
            throws Exception {
        Thread replacer = Thread.ofPlatform().start(() -> {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> written(directory, "0.pid") && written(directory, "1.pid"));
            cluster.node(2).agent().stop();
            cluster.expel(2);
        });

        TestCluster.Run run = run(2, "echo $$ > " + directory + "/$SCC_RANK.pid; exec sleep 1000");

        replacer.join();
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.cause()).contains("node n2 is no member of cluster demo any more");
        assertThat(run.left()).isEmpty();
    }

    /** Its agent is lost, so nobody tells it. */
    @Test
    void jobEndsWhenItsLeadIsNoMemberAnyMore(@TempDir(factory = OpenToAll.class) Path directory) throws Exception {
        Thread replacer = Thread.ofPlatform().start(() -> {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> written(directory, "0.pid") && written(directory, "1.pid"));
            cluster.node(1).agent().stop();
            cluster.expel(1);
        });

        TestCluster.Run run = run(2, "echo $$ > " + directory + "/$SCC_RANK.pid; exec sleep 1000");

        replacer.join();
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.cause()).contains("node n1, which leads the job, is no member of cluster demo any more");
        assertThat(run.left()).isEmpty();
    }

    @Test
    void jobOfAnotherClusterIsRefused() {
        JobSpec spec = TestCluster.spec(1, MpiChoice.NONE, "true");
        Roster other = new Roster(
                new ClusterName("other"),
                1,
                1,
                cluster.roster().vpc(),
                cluster.roster().segment(),
                cluster.roster().members());

        assertThat(catchThrowable(() -> new JobClient(Connections.plain())
                        .run(other, spec, Optional.empty(), new TestCluster.Recorder())))
                .isInstanceOf(RpcFailed.class)
                .hasMessageContaining("node n1 does not belong to cluster other, but to demo");
    }

    private static boolean written(Path directory, String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file) && !Files.readString(file).isBlank();
    }

    private static boolean gone(long pid) {
        return ProcessHandle.of(pid).isEmpty();
    }
}
