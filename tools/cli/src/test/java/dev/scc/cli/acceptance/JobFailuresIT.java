package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

@ExtendWith(Testbed.class)
@ResourceLock(Lane.GUESTS)
class JobFailuresIT {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private List<String> members = List.of();

    @BeforeEach
    void cluster(Scc scc) {
        JsonNode created = scc.json("create", "jobs", "--nodes", "2", "--verify", "quick");
        members = created.get("nodes")
                .valueStream()
                .map(node -> node.get("name").asString())
                .toList();
    }

    /** Open MPI loads libpsm2, which uses it on a busy machine, and then only. */
    @Test
    void guestsHaveTheInstructionsThatPackagedLibrariesAreBuiltFor(Scc scc) {
        assertThat(scc.onNodeOk("n1", "grep -m 1 ^flags /proc/cpuinfo")).containsPattern("\\bavx2\\b");
    }

    @Test
    void segmentationFaultIsNamedWithItsRankAndNode(Scc scc, Programs programs) {
        CommandResult result = scc.run("run", "jobs", "-n", "2", "--", programs.crash());

        assertThat(result.status()).isEqualTo(128 + 11);
        assertThat(result.errors()).contains("SIGSEGV", members.get(1));
        assertNothingRuns(scc, programs.crash());
    }

    @Test
    void missingExecutableIsNamed(Scc scc) {
        CommandResult result = scc.run("run", "jobs", "-n", "2", "--mpi", "none", "--", "/nowhere/program");

        assertThat(result.status()).isEqualTo(127);
        assertThat(result.errors()).contains("/nowhere/program");
    }

    @Test
    void interruptEndsEveryRank(Scc scc, Programs programs) throws Exception {
        try (Running job = scc.start("endless", "run", "jobs", "-n", "2", "--", programs.endless())) {
            job.awaitOutput("rank 1 of 2 is running", LONGEST);

            job.interrupt();

            assertThat(job.await(LONGEST)).isEqualTo(130);
            assertNothingRuns(scc, programs.endless());
        }
    }

    @Test
    void killedClientTakesItsJobWithIt(Scc scc) throws IOException, CommandFailed {
        try (Running job = scc.start("sleep", "run", "jobs", "-n", "2", "--mpi", "none", "--", "sleep", "98765")) {
            await().atMost(LONGEST)
                    .until(() ->
                            scc.onNode(members.get(1), "pgrep -f 'sleep 98765'").ok());
            job.process().destroyForcibly();

            assertNothingRuns(scc, "sleep 98765");
        }
    }

    private void assertNothingRuns(Scc scc, String program) {
        for (String node : members) {
            // The pattern must not find the shell that carries it.
            String pattern = "[" + program.charAt(0) + "]" + program.substring(1);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(scc.onNode(
                                            node,
                                            "pgrep -af '" + pattern
                                                    + "|[o]rted|[m]pirun'; find /sys/fs/cgroup/scc -mindepth 1 -type d 2>/dev/null")
                                    .output())
                            .isEmpty());
        }
    }
}
