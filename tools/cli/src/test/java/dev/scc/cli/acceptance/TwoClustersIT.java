package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(Testbed.class)
@Order(Testbed.LAST)
class TwoClustersIT {

    @Test
    void clustersDoNotReachEachOtherAndReachThemselves(Scc scc) {
        JsonNode red = scc.json("create", "red", "--nodes", "2").get("nodes");
        JsonNode blue = scc.json("create", "blue", "--nodes", "2").get("nodes");
        JsonNode sender = red.get(0);
        JsonNode friend = red.get(1);
        JsonNode stranger = blue.get(1);
        JsonNode itsFriend = blue.get(0);

        assertReachable(scc, sender, friend);
        assertReachable(scc, itsFriend, stranger);
        assertThat(reaches(scc, sender, stranger, "vpcIp")).isFalse();
        assertThat(connects(scc, sender, stranger)).isFalse();
        assertThat(rpings(scc, sender, stranger)).isFalse();

        // A tenant is root on its node: routes that lead to the other cluster must not help.
        String from = name(sender);
        String underlay = scc.onNodeOk(name(stranger), "ip -4 -o addr show eth0 | awk '{print $4}' | cut -d/ -f1")
                .strip();
        String routes = "ip route %s " + stranger.get("vpcIp").asString() + "/32 via " + underlay + "; ip route %s "
                + stranger.get("rdmaIp").asString() + "/32 via " + underlay;
        scc.onNodeOk(from, routes.replace("%s", "add"));
        try {
            assertThat(reaches(scc, sender, stranger, "vpcIp")).isFalse();
            assertThat(connects(scc, sender, stranger)).isFalse();
            assertThat(reaches(scc, sender, stranger, "rdmaIp")).isFalse();
        } finally {
            scc.onNodeOk(from, routes.replace("%s", "del"));
        }
        scc.ok("delete", "red");
        scc.ok("delete", "blue");
    }

    private static void assertReachable(Scc scc, JsonNode from, JsonNode to) {
        assertThat(reaches(scc, from, to, "vpcIp")).isTrue();
        assertThat(connects(scc, from, to)).isTrue();
        assertThat(rpings(scc, from, to)).isTrue();
    }

    private static String name(JsonNode node) {
        return node.get("name").asString();
    }

    private static boolean reaches(Scc scc, JsonNode from, JsonNode to, String address) {
        return scc.onNode(name(from), "ping -c 2 -W 2 " + to.get(address).asString())
                .ok();
    }

    private static boolean connects(Scc scc, JsonNode from, JsonNode to) {
        String port = "7711";
        scc.onNodeOk(name(to), "busybox nc -l -p " + port + " </dev/null >/dev/null 2>&1 & echo $! >/run/listener.pid");
        awaitOn(scc, to, "ss -Hltn sport = :" + port + " | grep -q LISTEN");
        boolean connected = scc.onNode(
                        name(from),
                        "busybox nc -w 3 " + to.get("vpcIp").asString() + " " + port + " </dev/null >/dev/null")
                .ok();
        scc.onNode(name(to), "kill $(cat /run/listener.pid); rm /run/listener.pid");
        return connected;
    }

    private static void awaitOn(Scc scc, JsonNode node, String condition) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> scc.onNode(name(node), condition).ok());
    }

    private static boolean rpings(Scc scc, JsonNode from, JsonNode to) {
        String server = to.get("rdmaIp").asString();
        scc.onNodeOk(
                name(to),
                "timeout 60 rping -s -C 3 -a " + server + " >/dev/null 2>&1 </dev/null & echo $! >/run/rping.pid");
        awaitOn(scc, to, "rdma resource show cm_id | grep -q 'state LISTEN.*src-addr " + server + ":'");
        boolean pinged = scc.onNode(
                        name(from),
                        "timeout 15 rping -c -C 3 -a " + server + " -I "
                                + from.get("rdmaIp").asString())
                .ok();
        scc.onNode(name(to), "kill $(cat /run/rping.pid); rm /run/rping.pid");
        return pinged;
    }
}
