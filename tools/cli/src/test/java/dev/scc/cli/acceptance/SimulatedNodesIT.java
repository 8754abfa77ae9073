package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.CommandResult;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Everything that needs neither RDMA nor processes, on two hundred nodes in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimulatedNodesIT {
    private static final int NODES = 200;

    @SuppressWarnings("NullAway.Init")
    private OwnTestbed testbed;

    @SuppressWarnings("NullAway.Init")
    private Scc scc;

    @BeforeAll
    void up() throws IOException {
        testbed = OwnTestbed.up(SimulatedNodesIT.class, "sim", NODES);
        scc = testbed.scc();
    }

    @AfterAll
    void down() {
        if (testbed != null) {
            testbed.close();
        }
    }

    @Test
    void clustersAreCreatedScaledAndDeleted() {
        assertThat(testbed.allFree()).isTrue();
        scc.ok("node", "cordon", "n3", "--reason", "bad fan");
        scc.ok("node", "label", "n150", "rack=r1");

        scc.ok("create", "big", "--nodes", "120", "--verify", "off");
        scc.ok("create", "small", "--nodes", "1", "--select", "rack=r1", "--verify", "off");

        JsonNode big = scc.json("show", "big");
        assertThat(big.get("phase").asString()).isEqualTo("Ready");
        assertThat(big.get("nodes").valueStream().map(node -> node.get("name").asString()))
                .hasSize(120)
                .doesNotContain("n3", "n150");
        assertThat(scc.json("show", "small").get("nodes").get(0).get("name").asString())
                .isEqualTo("n150");
        assertThat(scc.json("scale", "big", "--nodes", "140").get("nodes")).hasSize(140);
        assertThat(scc.json("scale", "big", "--nodes", "20").get("nodes")).hasSize(20);
        CommandResult tooMany = scc.run("create", "huge", "--nodes", "190", "--verify", "off");
        assertThat(tooMany.status()).isEqualTo(6);
        assertThat(tooMany.errors()).contains("n3 is cordoned: bad fan");
        scc.ok("delete", "big");
        scc.ok("delete", "small");
        scc.ok("node", "uncordon", "n3");

        assertThat(testbed.allFree()).isTrue();
        assertThat(scc.json("list")).isEmpty();
        assertThat(scc.ok("events")).contains("scale big");
    }

    @Test
    void whatNeedsRdmaOrProcessesIsRefused() {
        CommandResult verified = scc.run("create", "demo", "--nodes", "2");
        assertThat(verified.status()).isEqualTo(6);
        assertThat(verified.errors()).contains("has no RDMA device on eth1").contains("--verify off");

        scc.ok("create", "demo", "--nodes", "2", "--verify", "off");
        CommandResult job = scc.run("run", "demo", "--mpi", "none", "--", "true");
        assertThat(job.status()).isEqualTo(6);
        assertThat(job.errors()).contains("are models in memory").contains("--kind netns");
        scc.ok("delete", "demo");

        CommandResult exec = scc.onNode("n1", "true");
        assertThat(exec.status()).isEqualTo(1);
        assertThat(exec.errors()).contains("it runs no commands");
        JsonNode status = scc.json("testbed", "status");
        assertThat(status.get("kind").asString()).isEqualTo("sim");
        assertThat(status.get("nodes")).hasSize(NODES);
        assertThat(scc.ok("testbed", "status")).contains("n[1-" + NODES + "]  up");
    }

    @Test
    void whatDoesNotFitTheKindIsAUsageError() {
        CommandResult memory = scc.run("testbed", "up", "--kind", "sim", "--memory", "512");
        assertThat(memory.status()).isEqualTo(2);
        assertThat(memory.errors()).contains("--memory is for nodes of kind vm");
        CommandResult nodes = scc.run("testbed", "up", "--kind", "netns", "--nodes", "129");
        assertThat(nodes.status()).isEqualTo(2);
        assertThat(nodes.errors()).contains("kind netns has 1 to 128 nodes, not 129");
    }
}
