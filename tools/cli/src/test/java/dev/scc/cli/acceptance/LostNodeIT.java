package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node whose power fails. It does not come back, so this testbed is not the shared one. */
class LostNodeIT {
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final Scc scc = new Scc(Scc.root().resolve("tools/cli/target/acceptance-lost"));

    @BeforeEach
    void up() throws Exception {
        Files.createDirectories(scc.home());
        scc.run("testbed", "down");
        scc.ok("testbed", "up", "--nodes", "2");
    }

    @AfterEach
    void down() {
        scc.ok("testbed", "down");
    }

    @Test
    void jobThatOutlivesItsNodeEndsAndNamesItAndTheNodeIsNeverGivenOut() throws Exception {
        Programs programs = Programs.compile(scc.home().resolve("programs"));
        String lost = scc.json("create", "doomed", "--nodes", "2", "--verify", "quick")
                .get("nodes")
                .get(1)
                .get("name")
                .asString();
        try (Running job = scc.start("doomed", "run", "doomed", "-n", "2", "--", programs.endless())) {
            await().atMost(LONGEST).until(() -> job.output().contains("rank 1 of 2 is running"));

            new LocalCommands().check(Command.of("kill", "-9", qemu(lost)));

            assertThat(job.await(LONGEST)).as(job.errors()).isEqualTo(4);
            assertThat(job.errors()).contains(lost);
        }
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(scc.ok("node", "list")).containsPattern(lost + " +Lost"));

        CommandResult deleted = scc.run("delete", "doomed");

        assertThat(deleted.status()).as(deleted.errors()).isEqualTo(5);
        assertThat(deleted.errors()).contains(lost);
        assertThat(scc.json("list")).isEmpty();
        CommandResult refused = scc.run("create", "next", "--nodes", "2");
        assertThat(refused.status()).isEqualTo(6);
        assertThat(refused.errors()).contains(lost);
    }

    private String qemu(String node) {
        String disk = scc.home().toString();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").contains("qemu-system"))
                .filter(process -> {
                    String words = ServerProcess.argv(process.pid()).toString();
                    return words.contains(disk) && words.contains("-" + node + ",");
                })
                .map(process -> Long.toString(process.pid()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no guest " + node + " with files in " + disk));
    }
}
