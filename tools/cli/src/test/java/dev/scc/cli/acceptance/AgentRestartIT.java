package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Agents that are killed, and start again while no server is there to tell them what their nodes are for. */
@ExtendWith(Testbed.class)
@Order(Testbed.LAST)
class AgentRestartIT {
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @Test
    void jobAndNetworksGoOnWhileAllItsAgentsRestartWithoutAServer(Scc scc, Programs programs) throws Exception {
        Footprint free = Footprint.ofAll(scc);
        JsonNode created = scc.json("create", "lasting", "--nodes", "2", "--verify", "quick");
        List<String> members = created.get("nodes")
                .valueStream()
                .map(node -> node.get("name").asString())
                .toList();
        Path receipt = scc.home().resolve("receipt-lasting.json");
        String goOn = "/tmp/lasting-goes-on";
        ServerProcess server = ServerProcess.of(scc);
        String namespace = scc.json("testbed", "status").get("netns").asString();
        try (Running job = scc.start(
                "lasting",
                "run",
                "lasting",
                "-n",
                "2",
                "--receipt",
                receipt.toString(),
                "--",
                programs.patient(),
                goOn)) {
            job.awaitOutput("rank 1 of 2 is running", LONGEST);

            server.kill();
            for (String node : members) {
                DaemonOnNode.agent(scc, node).kill();
                DaemonOnNode.agent(scc, node).start();
            }
            for (String node : members) {
                await().atMost(LONGEST)
                        .until(() ->
                                scc.onNode(node, "ss -Hltn | grep -q ':7070 '").ok());
            }
            job.assertGoesOn();
            server.restart(namespace);
            await().atMost(LONGEST)
                    .untilAsserted(() ->
                            assertThat(scc.json("node", "list").toString()).doesNotContain("Lost"));
            job.assertGoesOn();
            scc.onNodeOk(members.getFirst(), "touch " + goOn);

            assertThat(job.await(LONGEST)).as(job.errors()).isZero();
            assertThat(job.output()).contains("rank 0 of 2 is done", "rank 1 of 2 is done");
        }
        JsonNode proof = Json.mapper().readTree(Files.readString(receipt));
        assertThat(proof.get("transport").asString()).as(Testbed.pretty(proof)).isEqualTo("rdma");
        JsonNode after = scc.json("show", "lasting");
        assertThat(after.get("phase").asString()).isEqualTo("Ready");
        assertThat(after.get("revision")).isEqualTo(created.get("revision"));
        scc.ok("delete", "lasting");
        scc.onNodeOk(members.getFirst(), "rm " + goOn);
        assertThat(free.differencesTo(Footprint.ofAll(scc))).isEmpty();
    }
}
