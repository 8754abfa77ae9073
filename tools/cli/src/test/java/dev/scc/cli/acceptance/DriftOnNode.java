package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** What somebody does by hand to the RDMA network of a member of a cluster, and what becomes of it. */
record DriftOnNode(Scc scc, JsonNode created, String node) {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    /** The job's account is not root's, whose file this is. */
    private static final String WAIT = "echo started; while [ ! -e /tmp/drifted ]; do sleep 1; done";

    private static final String OWN_ADDRESS =
            "own=$(ip -6 -o address show dev eth1 scope link | awk '{print $4}' | cut -d/ -f1) && ";

    void assertNoticedAndMended() {
        assertGidThatHasMovedIsKnownAndTheRunningJobIsTold();
        assertRepaired(
                "ip link set dev LINK mtu 1400", "ip -o link show LINK | grep mtu | grep -qv 'mtu 1400'", "link:LINK");
        assertRepaired("ip link set dev LINK type vlan egress 0:5", "! ip -d link show LINK | grep -q 0:5", "qos:LINK");
        assertPortThatIsDownDegradesTheClusterUntilItIsUp();
    }

    /** Its packets to itself find no way, though its port and its GIDs are as before. */
    void keepDeviceFromReachingItself() {
        scc.onNodeOk(
                node,
                OWN_ADDRESS
                        + "ip -6 rule add pref 1 to $own unreachable && ip -6 route del local $own dev eth1 table local");
    }

    /** After the cluster was deleted, and all nodes were clean. */
    void assertDrainedUntilItsDeviceReachesItself() {
        for (JsonNode one : scc.json("node", "list")) {
            boolean harmed = one.get("name").asString().equals(node);
            assertThat(one.get("state").asString()).as(Testbed.pretty(one)).isEqualTo(harmed ? "Cordoned" : "Free");
        }
        assertThat(scc.ok("node", "show", node)).contains("drained: RDMA device rxe0 fails alone: ");

        scc.onNodeOk(
                node,
                OWN_ADDRESS
                        + "ip -6 rule del pref 1 && ip -6 route add local $own dev eth1 table local proto kernel metric 0");

        await().atMost(LONGEST).until(() -> Testbed.allFree(scc));
        assertThat(scc.ok("node", "show", node)).contains("device ").doesNotContain("not checked");
    }

    private String link() {
        return "eth1." + created.get("segment").get("vlan").asString();
    }

    private Optional<JsonNode> member(Predicate<JsonNode> which) {
        return scc.json("show", "demo")
                .get("nodes")
                .valueStream()
                .filter(one -> one.get("name").asString().equals(node) && which.test(one))
                .findFirst();
    }

    private int gidIndex() {
        return member(_ -> true).orElseThrow().get("gidIndex").asInt();
    }

    /** Another address takes the place of the segment's in the device's table. */
    private void assertGidThatHasMovedIsKnownAndTheRunningJobIsTold() {
        int before = gidIndex();
        String address = member(_ -> true).orElseThrow().get("rdmaIp").asString();
        try (Running job = scc.start("drift", "run", "demo", "-n", "3", "--mpi", "none", "--", "sh", "-c", WAIT)) {
            job.awaitOutput("started", LONGEST);

            scc.onNodeOk(
                    node,
                    "ip address del %1$s/24 dev %2$s; ip address add 192.0.2.9/32 dev eth1; sleep 0.1; ip address replace %1$s/24 dev %2$s"
                            .formatted(address, link()));

            await().atMost(LONGEST).until(() -> gidIndex() != before && gidIndex() > 0);
            assertThat(scc.onNodeOk(node, "cat /sys/class/infiniband/rxe0/ports/1/gid_attrs/ndevs/" + gidIndex()))
                    .contains(link());
            for (JsonNode member : created.get("nodes")) {
                scc.onNodeOk(member.get("name").asString(), "touch /tmp/drifted");
            }
            assertThat(job.await(LONGEST)).as(job.errors()).isZero();
            assertThat(job.errors()).contains("scc: node " + node + ": the segment's GID");
            for (JsonNode member : created.get("nodes")) {
                scc.onNodeOk(member.get("name").asString(), "rm /tmp/drifted");
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertEvent("gid index " + before);
        scc.onNodeOk(node, "ip address del 192.0.2.9/32 dev eth1");
        assertThat(scc.json("show", "demo").get("phase").asString()).isEqualTo("Ready");
    }

    /** @param change a shell command, in which LINK stands for the segment's link, as in the others */
    private void assertRepaired(String change, String mended, String told) {
        String script = "%s; for i in $(seq 40); do %s && exit 0; sleep 0.1; done; exit 1".formatted(change, mended);
        scc.onNodeOk(node, script.replace("LINK", link()));
        assertEvent(told.replace("LINK", link()));
    }

    private void assertPortThatIsDownDegradesTheClusterUntilItIsUp() {
        scc.onNodeOk(node, "ip link set eth1 down");
        await().atMost(LONGEST)
                .until(() -> scc.json("show", "demo").get("phase").asString().equals("Degraded"));
        assertThat(scc.json("show", "demo").get("reason").asString()).isNotEmpty();

        scc.onNodeOk(node, "ip link set eth1 up");

        awaitReady();
    }

    private void awaitReady() {
        await().atMost(LONGEST)
                .until(() -> scc.json("show", "demo").get("phase").asString().equals("Ready"));
    }

    private void assertEvent(String what) {
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(scc.json("events").toString()).contains(what));
    }
}
