package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Processes that are killed in the middle of a create: it ends in Ready or in a full rollback, never in between. */
@ExtendWith(Testbed.class)
@Order(Testbed.LAST)
class CreateFaultsIT {
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @Test
    void agentKilledInTheMiddleOfCreateComesBackAndTheCreateEndsWell(Scc scc) throws Exception {
        Footprint before = Footprint.ofAll(scc);
        DaemonOnNode agent = DaemonOnNode.agent(scc, "n2");
        try (Running create = scc.start("create-agent-killed", "create", "faulty", "--nodes", "4")) {
            create.awaitProgress("creating", LONGEST);
            create.assertGoesOn();

            agent.kill();
            agent.start();

            endsInReadyOrNothing(scc, create.await(LONGEST), create);
        }
        cleanUp(scc);
        assertThat(before.differencesTo(Footprint.ofAll(scc))).isEmpty();
    }

    @Test
    void serverRestartedInTheMiddleOfCreateFinishesIt(Scc scc) throws Exception {
        Footprint before = Footprint.ofAll(scc);
        ServerProcess server = ServerProcess.of(scc);
        String namespace = scc.json("testbed", "status").get("netns").asString();
        try (Running create = scc.start("create-server-killed", "create", "faulty", "--nodes", "4")) {
            create.awaitProgress("creating", LONGEST);
            create.assertGoesOn();

            server.killAndRestart(namespace);

            endsInReadyOrNothing(scc, create.await(LONGEST), create);
        }
        cleanUp(scc);
        assertThat(before.differencesTo(Footprint.ofAll(scc))).isEmpty();
    }

    private static boolean clusterExists(Scc scc) {
        return !scc.json("list").isEmpty();
    }

    private static void endsInReadyOrNothing(Scc scc, int status, Running create) {
        await().atMost(LONGEST).untilAsserted(() -> {
            JsonNode clusters = scc.json("list");
            if (status == 0) {
                assertThat(clusters).hasSize(1);
                assertThat(clusters.get(0).get("phase").asString()).isEqualTo("Ready");
            } else {
                assertThat(create.errors()).contains("n2");
                assertThat(clusters).isEmpty();
            }
        });
    }

    private static void cleanUp(Scc scc) {
        if (clusterExists(scc)) {
            scc.ok("delete", "faulty");
        }
        await().atMost(LONGEST).until(() -> Testbed.allFree(scc));
    }
}
