package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A VPC that is encrypted, on kernels with WireGuard: a cluster and an ENI of another node in it, and somebody on the underlay. */
@ExtendWith(Testbed.class)
@Order(Testbed.LAST)
class EncryptedVpcIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Counts what comes to the node and leaves it on the underlay: VXLAN, and tunnels; and what comes out of the VPC from a stranger. */
    private static final String COUNT = """
            nft -f - <<'END'
            table inet watch {
                counter plain { }
                counter tunnelled { }
                counter strange { }
                chain in {
                    type filter hook input priority -300;
                    iifname "eth0" udp dport 4789 counter name plain
                    iifname "eth0" udp dport 61820 counter name tunnelled
                    iifname "eni0" ip saddr 172.23.0.77 counter name strange
                }
                chain out {
                    type filter hook output priority 300;
                    oifname "eth0" udp dport 4789 counter name plain
                    oifname "eth0" udp dport 61820 counter name tunnelled
                }
            }
            END
            """;

    private static long counted(Scc scc, String counter) {
        return Long.parseLong(scc.onNodeOk("n1", "nft list counter inet watch " + counter)
                .replaceAll("(?s).*packets ([0-9]+) .*", "$1"));
    }

    private static boolean reaches(Scc scc, String from, String to) {
        return scc.onNode(from, "ping -c 2 -i 0.3 -W 5 -M do -s 1342 " + to).ok();
    }

    /** Class of hole: what others on the wire read, or send in one's place. */
    @Test
    void nothingPlainIsOnTheUnderlayAndNothingPlainGetsIn(Scc scc) {
        Footprint before = Footprint.ofNetworks(scc, Testbed.NODES);
        JsonNode vault = scc.json("vpc", "create", "vault", "--cidr", "172.23.0.0/24", "--encrypt");
        assertThat(vault.get("encrypted").asBoolean()).isTrue();
        assertThat(vault.get("mtu").asInt()).isEqualTo(1370);
        assertThat(scc.ok("vpc", "show", "vault")).contains("encrypted between nodes");
        scc.onNodeOk("n1", COUNT);
        JsonNode members = scc.json("create", "demo", "--nodes", "2", "--vpc", "vault", "--verify", "quick")
                .get("nodes");
        assertThat(members.valueStream().map(node -> node.get("name").asString()))
                .containsExactly("n1", "n2");
        String eni = scc.ok("-o", "name", "eni", "attach", "n3", "--vpc", "vault", "--ip", "172.23.0.99")
                .strip();

        String first = members.get(0).get("vpcIp").asString();
        await().atMost(SOON).until(() -> reaches(scc, "n3", first));
        assertThat(reaches(scc, "n2", first)).isTrue();
        assertThat(reaches(scc, "n1", "172.23.0.99")).isTrue();
        assertThat(counted(scc, "plain")).isZero();
        assertThat(counted(scc, "tunnelled")).isGreaterThan(12);

        somebodyElseDoesNotGetIn(scc, vault.get("vni").asInt(), first);
        whatSomebodyTakesAwayComesBack(scc, first);

        scc.onNodeOk("n1", "nft delete table inet watch");
        scc.ok("eni", "detach", eni);
        scc.ok("delete", "demo");
        scc.ok("vpc", "delete", "vault");
        assertThat(before.differencesTo(Footprint.ofNetworks(scc, Testbed.NODES)))
                .isEmpty();
    }

    /** With the VPC's number and a member's Ethernet address; what he sends arrives, and is not heard. */
    private static void somebodyElseDoesNotGetIn(Scc scc, int vni, String first) {
        String mac = scc.onNodeOk("n1", "cat /sys/class/net/eni0/address").strip();
        String underlay = scc.onNodeOk("n1", "ip -4 -o addr show eth0 | awk '{print $4}' | cut -d/ -f1")
                .strip();
        scc.onNodeOk("n4", """
                ip link add fake type vxlan id %d dev eth0 dstport 4789 nolearning
                ip addr add 172.23.0.77/24 dev fake
                ip link set fake up
                bridge fdb append %s dev fake dst %s
                ip neigh replace %s lladdr %s dev fake nud permanent
                ping -c 3 -i 0.3 -W 1 %s >/dev/null && exit 1
                ip link del fake
                """.formatted(vni, mac, underlay, first, mac, first));
        assertThat(counted(scc, "plain")).as("what he sends arrives").isGreaterThanOrEqualTo(3);
        assertThat(counted(scc, "strange")).isZero();
    }

    private static void whatSomebodyTakesAwayComesBack(Scc scc, String first) {
        scc.onNodeOk("n1", "ip link del scctun0");
        await().atMost(SOON).until(() -> reaches(scc, "n3", first));
        assertThat(reaches(scc, "n2", first)).isTrue();
    }
}
