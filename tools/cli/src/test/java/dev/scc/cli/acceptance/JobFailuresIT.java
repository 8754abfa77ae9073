package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.command.CommandResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Jobs that go wrong, on two network namespaces. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobFailuresIT {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final List<String> MEMBERS = List.of("n1", "n2");

    @SuppressWarnings("NullAway.Init")
    private OwnTestbed testbed;

    @SuppressWarnings("NullAway.Init")
    private Scc scc;

    @SuppressWarnings("NullAway.Init")
    private Programs programs;

    @BeforeAll
    void up() throws IOException {
        testbed = OwnTestbed.up(JobFailuresIT.class, "netns", MEMBERS.size());
        scc = testbed.scc();
        programs = Programs.compile(scc.home().resolve("programs"));
        scc.ok("create", "jobs", "--nodes", "2", "--verify", "off");
    }

    @AfterAll
    void down() {
        if (testbed != null) {
            testbed.close();
        }
    }

    @Test
    void segmentationFaultIsNamedWithItsRankAndNode() throws Exception {
        CommandResult result = scc.run("run", "jobs", "-n", "2", "--allow-tcp", "--", programs.crash());

        assertThat(result.status()).as(result.errors()).isEqualTo(128 + 11);
        assertThat(result.errors()).contains("SIGSEGV", "n2");
        assertNothingRuns(programs.crash());
    }

    @Test
    void missingExecutableIsNamed() {
        CommandResult result = scc.run("run", "jobs", "-n", "2", "--mpi", "none", "--", "/nowhere/program");

        assertThat(result.status()).isEqualTo(127);
        assertThat(result.errors()).contains("/nowhere/program");
    }

    @Test
    void interruptEndsEveryRank() throws Exception {
        try (Running job = scc.start("endless", "run", "jobs", "-n", "2", "--allow-tcp", "--", programs.endless())) {
            job.awaitOutput("rank 1 of 2 is running", LONGEST);

            job.interrupt();

            assertThat(job.await(LONGEST)).isEqualTo(130);
            assertNothingRuns(programs.endless());
        }
    }

    @Test
    void killedClientTakesItsJobWithIt() throws Exception {
        try (Running job = scc.start("sleep", "run", "jobs", "-n", "2", "--mpi", "none", "--", "sleep", "98764")) {
            await().atMost(LONGEST).until(() -> processes("sleep", "98764") == 2);

            job.process().destroyForcibly();

            await().atMost(LONGEST).untilAsserted(() -> {
                assertThat(processes("sleep", "98764")).isZero();
                assertThat(testbed.jobTraces()).isEmpty();
            });
        }
    }

    private void assertNothingRuns(String program) {
        await().atMost(LONGEST).untilAsserted(() -> {
            assertThat(processes(program)).isZero();
            assertThat(testbed.jobTraces()).isEmpty();
        });
    }

    /** How many there are on this machine, of which all nodes are a part. */
    private static long processes(String... argv) {
        return ProcessHandle.allProcesses()
                .filter(process -> ServerProcess.argv(process.pid()).equals(List.of(argv)))
                .count();
    }
}
