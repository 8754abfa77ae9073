package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Json;
import dev.scc.host.command.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(Testbed.class)
@Order(Testbed.LAST)
class ClusterLifeIT {

    /** Open MPI loads libpsm2, which uses it on a busy machine, and then only. */
    @Test
    void guestsHaveTheInstructionsThatPackagedLibrariesAreBuiltFor(Scc scc) {
        assertThat(scc.onNodeOk("n1", "grep -m 1 ^flags /proc/cpuinfo")).containsPattern("\\bavx2\\b");
    }

    @Test
    void everyNodeOfTheTestbedIsFreeAndShowsItsRdmaDevice(Scc scc) {
        JsonNode nodes = scc.json("node", "list");

        assertThat(nodes.valueStream().map(node -> node.get("name").asString()))
                .containsExactlyElementsOf(Testbed.NODES);
        for (JsonNode node : nodes) {
            assertThat(node.get("state").asString()).isEqualTo("Free");
            assertThat(node.get("rdmaDevices").toString()).contains("rxe");
        }
        assertThat(scc.ok("node", "list")).contains("n1", "n4", "Free");
        assertThat(scc.ok("node", "show", "n1")).contains("6.1", "rxe");
    }

    @Test
    void clusterIsBuiltVerifiedUsedAndLeavesNothing(Scc scc, Programs programs) throws IOException {
        Footprint before = Footprint.ofAll(scc);

        JsonNode created = scc.json("create", "demo", "--nodes", "3");

        assertThat(created.get("phase").asString()).isEqualTo("Ready");
        assertThat(created.get("nodes")).hasSize(3);
        assertThat(created.get("verification").get("pairs").asInt()).isEqualTo(3);
        assertThat(created.get("verification").get("passed").asInt()).isEqualTo(3);
        assertThat(created.get("nodes").get(0).get("gidIndex").asInt()).isPositive();
        assertThat(scc.ok("list")).contains("demo", "Ready", "3");
        assertThat(scc.json("show", "demo").get("nodes")).isEqualTo(created.get("nodes"));

        assertEveryMemberReachesEveryOther(scc, created);
        assertWhoeverIsRootOnANodeIsOnNoOtherSegment(scc, created);
        assertVerificationPassesAgain(scc);
        DriftOnNode drift = new DriftOnNode(scc, created, "n2");
        drift.assertNoticedAndMended();
        assertOpenMpiUsesRdma(scc, programs);
        assertMpichNeedsLeaveToUseTcp(scc, programs);
        assertProgramFromTheDistributionRuns(scc);
        assertPlainCommandsRun(scc);

        drift.keepDeviceFromReachingItself();
        assertThat(scc.ok("delete", "demo")).doesNotContain("left behind");
        drift.assertDrainedUntilItsDeviceReachesItself();
        assertThat(Testbed.allFree(scc)).isTrue();
        assertThat(scc.json("list")).isEmpty();
        assertThat(before.differencesTo(Footprint.ofAll(scc))).isEmpty();
    }

    private static void assertEveryMemberReachesEveryOther(Scc scc, JsonNode cluster) {
        for (JsonNode from : cluster.get("nodes")) {
            for (JsonNode to : cluster.get("nodes")) {
                scc.onNodeOk(
                        from.get("name").asString(),
                        "ping -c 1 -W 5 " + to.get("vpcIp").asString());
            }
        }
    }

    private static void assertVerificationPassesAgain(Scc scc) {
        JsonNode verified = scc.json("verify", "demo", "--load", "ring");

        assertThat(verified.get("pairs")).hasSize(3);
        for (JsonNode pair : verified.get("pairs")) {
            assertThat(pair.get("ok").asBoolean()).as(Testbed.pretty(pair)).isTrue();
            assertThat(pair.get("latencyMicros").get("p50").asDouble()).isPositive();
            assertThat(pair.get("writeMBps").asDouble()).isPositive();
            assertThat(pair.get("readMBps").asDouble()).isPositive();
        }
        assertThat(verified.get("load").get("flows")).hasSize(3);
        for (JsonNode flow : verified.get("load").get("flows")) {
            assertThat(flow.get("ok").asBoolean()).as(Testbed.pretty(flow)).isTrue();
            assertThat(flow.get("ratio").asDouble()).isPositive();
        }
    }

    /** The segment's VLAN and an address of its subnet, made by hand, on a node of nobody's and as a second one on a member. */
    private static void assertWhoeverIsRootOnANodeIsOnNoOtherSegment(Scc scc, JsonNode cluster) {
        assertThat(cluster.get("isolation").asString()).isEqualTo("switch ports");
        JsonNode member = cluster.get("nodes").get(0);
        JsonNode other = cluster.get("nodes").get(1);
        String stranger = StreamSupport.stream(scc.json("node", "list").spliterator(), false)
                .filter(node -> node.get("state").asString().equals("Free"))
                .findFirst()
                .orElseThrow()
                .get("name")
                .asString();
        String vlan = cluster.get("segment").get("vlan").asString();
        String link = "eth1." + vlan;
        String ping = "; ping -c 2 -W 2 -I 10." + vlan + ".0.99 ";
        assertThat(scc.onNodeOk(
                        stranger,
                        "ip link add link eth1 name " + link + " type vlan id " + vlan + " && ip address add 10." + vlan
                                + ".0.99/24 dev " + link + " && ip link set " + link + " up"
                                + ping + member.get("rdmaIp").asString() + "; ip link delete " + link))
                .contains("100% packet loss");
        assertThat(scc.onNodeOk(
                        member.get("name").asString(),
                        "ip address add 10." + vlan + ".0.99/24 dev " + link
                                + ping + other.get("rdmaIp").asString()
                                // The agent may have taken it away before.
                                + "; ip address delete 10." + vlan + ".0.99/24 dev " + link + " 2>/dev/null || true"))
                .contains("100% packet loss");
        assertThat(scc.onNodeOk(
                        member.get("name").asString(),
                        "ping -c 1 -W 5 " + other.get("rdmaIp").asString()))
                .contains(" 0% packet loss");
    }

    private static void assertOpenMpiUsesRdma(Scc scc, Programs programs) throws IOException {
        Path receipt = scc.home().resolve("receipt.json");

        String output = scc.ok("run", "demo", "-n", "6", "--receipt", receipt.toString(), "--", programs.openMpi());

        assertThat(output).contains("ring of 6 ranks, 0 bytes differ");
        JsonNode proof = Json.mapper().readTree(Files.readString(receipt));
        assertThat(proof.get("transport").asString()).isEqualTo("rdma");
        assertThat(proof.get("ranks").asInt()).isEqualTo(6);
        assertThat(proof.get("nodes")).hasSize(3);
        for (JsonNode node : proof.get("nodes")) {
            // Four laps of 64 KiB in packets of at most 4096 bytes leave every node.
            assertThat(node.get("sentPackets").asLong())
                    .as(Testbed.pretty(proof))
                    .isGreaterThan(64);
            assertThat(node.get("receivedPackets").asLong()).isGreaterThan(64);
        }
        assertThat(scc.run("run", "demo", "-n", "3", "--", programs.openMpi(), "7")
                        .status())
                .as("the job's own status")
                .isEqualTo(7);
    }

    private static void assertMpichNeedsLeaveToUseTcp(Scc scc, Programs programs) throws IOException {
        CommandResult refused = scc.run("run", "demo", "-n", "3", "--", programs.mpich());
        Path receipt = scc.home().resolve("receipt-tcp.json");
        String output = scc.ok(
                "run", "demo", "-n", "3", "--allow-tcp", "--receipt", receipt.toString(), "--", programs.mpich());

        assertThat(refused.status()).isEqualTo(6);
        assertThat(refused.errors()).contains("--allow-tcp");
        assertThat(output).contains("ring of 3 ranks, 0 bytes differ");
        assertThat(Json.mapper()
                        .readTree(Files.readString(receipt))
                        .get("transport")
                        .asString())
                .isEqualTo("tcp");
    }

    /** NetPIPE as Debian packages it: a program that nobody here has written or compiled. */
    private static void assertProgramFromTheDistributionRuns(Scc scc) throws IOException {
        Path receipt = scc.home().resolve("receipt-netpipe.json");

        CommandResult result = scc.run(
                "run",
                "demo",
                "-n",
                "2",
                "--receipt",
                receipt.toString(),
                "--",
                "NPopenmpi",
                "-u",
                "16384",
                "-n",
                "5",
                "-p",
                "0",
                "-o",
                "/tmp/np.out");

        assertThat(result.status()).as(result.output() + result.errors()).isZero();
        assertThat(result.output() + result.errors()).contains("Mbps").contains("16384 bytes");
        assertThat(Json.mapper()
                        .readTree(Files.readString(receipt))
                        .get("transport")
                        .asString())
                .isEqualTo("rdma");
    }

    private static void assertPlainCommandsRun(Scc scc) {
        assertThat(scc.ok("run", "demo", "-n", "3", "--mpi", "none", "--", "uname", "-n")
                        .lines())
                .containsExactlyInAnyOrder("n1", "n2", "n3");
    }
}
