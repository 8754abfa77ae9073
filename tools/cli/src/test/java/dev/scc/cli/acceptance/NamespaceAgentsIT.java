package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The one process that the agents of all namespace nodes live in, and the other that keeps their jobs. */
class NamespaceAgentsIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void agentsThatAreKilledAndStartedAgainFindTheirNodesAndJobsAsTheyWere() throws Exception {
        try (OwnTestbed testbed = OwnTestbed.up(NamespaceAgentsIT.class, "netns", 3)) {
            Scc scc = testbed.scc();
            Footprint free = Footprint.ofNetworks(scc, testbed.nodes());
            scc.ok("create", "demo", "--nodes", "2", "--verify", "off");
            Footprint built = Footprint.ofNetworks(scc, testbed.nodes());
            JsonNode members = scc.json("show", "demo").get("nodes");
            Path goOn = scc.home().resolve("go-on");
            Files.deleteIfExists(goOn); // What an earlier run that was killed may have left.
            String waiting = "echo started; while [ ! -e " + goOn + " ]; do sleep 0.1; done; echo $SCC_NODE went on";
            Running job = scc.start("job", "run", "demo", "--mpi", "none", "--", "sh", "-c", waiting);
            job.awaitOutput("started\nstarted\n", SOON);
            ServerProcess agents = ServerProcess.of(scc, "agents");

            agents.kill();

            await().atMost(SOON).until(() -> testbed.state("n3").equals("Lost"));
            JsonNode status = scc.json("testbed", "status").get("nodes").get(0);
            assertThat(status.get("state").asString()).isEqualTo("silent");
            String friend = members.get(1).get("vpcIp").asString();
            assertThat(scc.onNode("n1", "ping -c 1 -W 2 " + friend).ok()).isTrue();

            agents.restart(testbed.name());

            await().atMost(SOON)
                    .until(() -> testbed.state("n3").equals("Free")
                            && testbed.state("n1").equals("Assigned"));
            assertThat(built.differencesTo(Footprint.ofNetworks(scc, testbed.nodes())))
                    .isEmpty();
            Files.createFile(goOn);
            assertThat(job.await(SOON)).as(job.errors()).isZero();
            assertThat(job.output()).contains("n1 went on", "n2 went on");
            await().atMost(SOON)
                    .until(() -> scc.run("run", "demo", "--mpi", "none", "--", "true")
                            .ok());
            scc.ok("delete", "demo");
            assertThat(free.differencesTo(Footprint.ofNetworks(scc, testbed.nodes())))
                    .isEmpty();
        }
    }
}
