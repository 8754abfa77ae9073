package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Nodes whose power fails, and the leader of three servers that is killed. Nodes do not come back, so this testbed is not the
 * shared one. Two of its four nodes are lost, in whatever order the tests run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostNodeIT {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Scc scc = new Scc(Scc.root().resolve("tools/cli/target/acceptance-lost"));
    private Optional<Programs> programs = Optional.empty();

    @RegisterExtension
    final AfterTestExecutionCallback evidence = context -> Evidence.keep(scc, List.of("n1", "n2", "n3", "n4"), context);

    @BeforeAll
    void up() throws Exception {
        Files.createDirectories(scc.home());
        scc.run("testbed", "down");
        programs = Optional.of(Programs.compile(scc.home().resolve("programs")));
        scc.ok("testbed", "up", "--nodes", "4", "--servers", "3");
    }

    @AfterEach
    void noClusterStays() {
        for (JsonNode cluster : scc.json("list")) {
            scc.run("delete", cluster.get("cluster").asString());
        }
    }

    @AfterAll
    void down() {
        scc.ok("testbed", "down");
    }

    @Test
    void jobThatOutlivesItsNodeEndsAndNamesItAndTheNodeIsNeverGivenOut() throws Exception {
        String lost = scc.json("create", "doomed", "--nodes", "2", "--verify", "quick")
                .get("nodes")
                .get(1)
                .get("name")
                .asString();
        try (Running job = scc.start(
                "doomed",
                "run",
                "doomed",
                "-n",
                "2",
                "--",
                programs.orElseThrow().endless())) {
            job.awaitOutput("rank 1 of 2 is running", LONGEST);

            powerOff(lost);

            assertThat(job.await(LONGEST)).as(job.errors()).isEqualTo(4);
            assertThat(job.errors()).contains(lost);
        }
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(scc.ok("node", "list")).containsPattern(lost + " +Lost"));

        CommandResult deleted = scc.run("delete", "doomed");

        assertThat(deleted.status()).as(deleted.errors()).isEqualTo(5);
        assertThat(deleted.errors()).contains(lost);
        assertThat(scc.json("list")).isEmpty();
        CommandResult refused = scc.run("create", "next", "--nodes", "4");
        assertThat(refused.status()).isEqualTo(6);
        assertThat(refused.errors()).contains(lost);
    }

    @Test
    void memberThatIsPoweredOffIsReplacedTheClusterVerifiedAnewAndTheOthersGoOn() throws Exception {
        JsonNode created = scc.json("create", "mended", "--nodes", "2", "--on-failure", "replace");
        JsonNode stays = created.get("nodes").get(0);
        String home = stays.get("name").asString();
        String lost = created.get("nodes").get(1).get("name").asString();
        String waiting = "echo started; while [ ! -e /tmp/go-on ]; do sleep 1; done; echo went on at $(uname -n)";
        try (Running job =
                scc.start("mended", "run", "mended", "-n", "1", "--mpi", "none", "--", "sh", "-c", waiting)) {
            job.awaitOutput("started", LONGEST);

            powerOff(lost);

            await().atMost(LONGEST).until(() -> {
                JsonNode now = scc.json("show", "mended");
                return now.get("phase").asString().equals("Ready")
                        && now.get("revision").asInt() > 1;
            });
            JsonNode mended = scc.json("show", "mended");
            assertThat(mended.get("nodes")).hasSize(2);
            assertThat(mended.get("nodes").get(0)).isEqualTo(stays);
            JsonNode joined = mended.get("nodes").get(1);
            assertThat(joined.get("name").asString()).isNotEqualTo(lost);
            assertThat(joined.get("gid").asString()).isNotEmpty();
            assertThat(mended.get("verification").get("passed").asInt()).isEqualTo(1);
            assertThat(mended.get("phases").toString()).contains("Repairing", "Verifying");
            scc.onNodeOk(home, "ping -c 1 -W 5 " + joined.get("vpcIp").asString());

            scc.onNodeOk(home, "touch /tmp/go-on");

            assertThat(job.await(LONGEST)).as(job.errors()).isZero();
            assertThat(job.output()).contains("went on at " + home);
        }
        assertLostNodeIsTakenOutOfThePool(lost);
        scc.ok("delete", "mended");
    }

    /** It has never proved itself clean: only who vouches for it gets rid of it. */
    private void assertLostNodeIsTakenOutOfThePool(String lost) {
        CommandResult gc = scc.run("gc");
        assertThat(gc.status()).as(gc.output() + gc.errors()).isEqualTo(4);
        assertThat(gc.output()).contains(lost + ": its agent is gone");

        assertThat(scc.run("node", "remove", lost).errors()).contains("--gone");
        scc.ok("node", "remove", lost, "--gone");

        assertThat(scc.json("node", "list").toString()).doesNotContain("\"" + lost + "\"");
        assertThat(scc.run("gc").output()).doesNotContain(lost);
    }

    @Test
    void leaderOfThreeServersKilledInTheMiddleOfCreateIsSucceededAndTheCreateEndsInReadyOrNothing() throws Exception {
        String killed = leader();
        ServerProcess leader = ServerProcess.named(scc, peer(killed));
        try (Running create = scc.start("create-leader-killed", "create", "led", "--nodes", "2")) {
            create.awaitProgress("creating", LONGEST);
            create.assertGoesOn();

            leader.kill();

            int status = create.await(LONGEST);
            await().atMost(LONGEST).untilAsserted(() -> {
                JsonNode clusters = scc.json("list");
                assertThat(clusters).as(status + ": " + create.errors()).hasSize(status == 0 ? 1 : 0);
                if (status == 0) {
                    assertThat(clusters.get(0).get("phase").asString()).isEqualTo("Ready");
                }
            });
        }
        await().atMost(LONGEST).until(() -> !leader().equals(killed));
        leader.restart(scc.json("testbed", "status").get("netns").asString());
        if (!scc.json("list").isEmpty()) {
            scc.ok("delete", "led");
        }
        await().atMost(LONGEST)
                .until(() -> scc.json("node", "list")
                        .valueStream()
                        .noneMatch(node -> node.get("cluster").asString().equals("led")));
    }

    /** The server whose controller has begun to lead last, by the id that its data directory holds. */
    private String leader() {
        Optional<String> last = scc.json("events")
                .valueStream()
                .filter(event -> event.get("what").asString().startsWith("leads, in epoch "))
                .map(event -> event.get("name").asString())
                .reduce((earlier, later) -> later);
        return last.orElseThrow(() -> new AssertionError("no server says that it leads"));
    }

    /** What that server is called among its peers. */
    private String peer(String instance) throws IOException {
        Path data = Path.of(scc.environment().get("XDG_STATE_HOME"))
                .resolve("scc/testbed-" + scc.environment().get("SCC_TESTBED"));
        for (String name : List.of("s1", "s2", "s3")) {
            if (Files.readString(data.resolve(name).resolve("instance")).strip().equals(instance)) {
                return name;
            }
        }
        throw new AssertionError("no server in " + data + " is " + instance);
    }

    private void powerOff(String node) throws CommandFailed {
        String disk = scc.home().toString();
        String qemu = ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").contains("qemu-system"))
                .filter(process -> {
                    String words = ServerProcess.argv(process.pid()).toString();
                    return words.contains(disk) && words.contains("-" + node + ",");
                })
                .map(process -> Long.toString(process.pid()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no guest " + node + " with files in " + disk));
        new LocalCommands().check(Command.of("kill", "-9", qemu));
    }
}
