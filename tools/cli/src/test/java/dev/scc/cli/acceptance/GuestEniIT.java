package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An ENI of a virtual machine's guest, whose owner is root in it, on two namespace nodes. */
class GuestEniIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    /** What a guest does that its ENI does not allow, and then serves what may be asked of it. */
    private static final String SCRIPT = """
            ping -c 2 -W 5 172.20.0.9 && echo REACHES
            ip addr add 172.20.0.77/24 dev eth0
            ping -c 2 -W 2 -I 172.20.0.77 172.20.0.9 || echo NOT AS ANOTHER
            nc -ll -p 7000 -e cat &
            nc -ll -p 7001 -e cat &
            until netstat -ltn | grep -q :7000 && netstat -ltn | grep -q :7001; do sleep 0.1; done
            echo SERVES
            """;

    @Test
    void aGuestIsInTheVpcAsItsEniAndAsNobodyElse(@TempDir Path directory) throws Exception {
        try (OwnTestbed testbed = OwnTestbed.up(GuestEniIT.class, "netns", 2)) {
            Scc scc = testbed.scc();
            Footprint before = Footprint.ofNetworks(scc, testbed.nodes());
            scc.ok("vpc", "create", "lab", "--cidr", "172.20.0.0/24");
            JsonNode other = scc.json("eni", "attach", "n1", "--vpc", "lab", "--tap");
            JsonNode eni = scc.json("eni", "attach", "n1", "--vpc", "lab", "--ip", "172.20.0.8", "--tap");
            JsonNode peer = scc.json("eni", "attach", "n2", "--vpc", "lab", "--ip", "172.20.0.9");
            assertThat(eni.get("place").asString()).isEqualTo("guest");
            assertThat(scc.ok("eni", "show", eni.get("eni").asString()))
                    .contains("ifname=" + eni.get("device").asString(), "mac=02:5c:ac:14:00:08", "172.20.0.8/24");

            try (NestedGuest guest = NestedGuest.boot(directory, testbed.name() + ".n1", eni, SCRIPT)) {
                guest.awaitPrinted("SERVES");
                assertThat(guest.printed()).contains("REACHES", "NOT AS ANOTHER");
                assertThat(scc.onNode("n2", "ping -c 2 -i 0.2 -W 5 -M do -s 1422 172.20.0.8")
                                .ok())
                        .as("at full MTU")
                        .isTrue();
                assertThat(echoes(scc, 7000)).isTrue();
                assertThat(echoes(scc, 7001)).isTrue();
                groupsHold(scc, eni.get("eni").asString());
            }

            assertThat(scc.json("eni", "show", eni.get("eni").asString()).get("trouble"))
                    .as("it stays when its guest has ended")
                    .isEqualTo(eni.get("trouble"));
            for (JsonNode each : new JsonNode[] {other, eni, peer}) {
                scc.ok("eni", "detach", each.get("eni").asString());
            }
            scc.ok("sg", "delete", "door");
            scc.ok("vpc", "delete", "lab");
            assertThat(before.differencesTo(Footprint.ofNetworks(scc, testbed.nodes())))
                    .isEmpty();
        }
    }

    private static void groupsHold(Scc scc, String eni) {
        scc.ok("sg", "create", "door", "--vpc", "lab");
        scc.ok("sg", "rule", "add", "door", "in", "tcp/7000", "172.20.0.9/32");
        scc.ok("sg", "apply", "door", eni);
        await().atMost(SOON).until(() -> !echoes(scc, 7001));
        assertThat(echoes(scc, 7000)).isTrue();
    }

    /** Whether what the node sends there comes back: more than fits into one packet. */
    private static boolean echoes(Scc scc, int port) {
        return scc.onNode("n2", "head -c 5000 /dev/zero | busybox nc -w 3 172.20.0.8 " + port + " | wc -c")
                .output()
                .strip()
                .equals("5000");
    }
}
