package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The one process that the agents of all namespace nodes live in. */
class NamespaceAgentsIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void agentsThatAreKilledAndStartedAgainFindTheirNodesAsTheyWere() throws Exception {
        try (OwnTestbed testbed = OwnTestbed.up(NamespaceAgentsIT.class, "netns", 3)) {
            Scc scc = testbed.scc();
            Footprint free = Footprint.ofNetworks(scc, testbed.nodes());
            scc.ok("create", "demo", "--nodes", "2", "--verify", "off");
            Footprint built = Footprint.ofNetworks(scc, testbed.nodes());
            JsonNode members = scc.json("show", "demo").get("nodes");
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
            await().atMost(SOON)
                    .until(() -> scc.run("run", "demo", "--mpi", "none", "--", "true")
                            .ok());
            scc.ok("delete", "demo");
            assertThat(free.differencesTo(Footprint.ofNetworks(scc, testbed.nodes())))
                    .isEmpty();
        }
    }
}
