package dev.scc.vpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.LinuxMachine;
import dev.scc.host.net.NetPlanner;
import dev.scc.host.net.NetState;
import dev.scc.host.net.PlanOutcome;
import dev.scc.host.net.PlanRunner;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The overlay of an encrypted VPC with real packets, on an interface that stands in for the tunnel: not every kernel has WireGuard. What
 * the tunnel itself keeps out is tried in guests that have it.
 */
class EncryptedOverlayIT {
    private static final VpcNetwork VPC = new VpcNetwork(
            "vault",
            new Vni(5070),
            Cidr.parse("172.16.0.0/24"),
            Optional.of(1370),
            Optional.of(Cidr6.parse("fd00:16::/64")),
            true);
    private static final List<VpcMember> MEMBERS = List.of(Underlay.member(VPC, 1, 1), Underlay.member(VPC, 2, 2));
    private static final String SECOND = "02:5c:ac:10:00:02";

    private Underlay underlay;

    @BeforeEach
    void nodes() throws CommandFailed {
        underlay = new Underlay(3);
        underlay.cable(1, 2, Tunnel.DEVICE, 1440);
        for (int node = 1; node <= 2; node++) {
            sh(node, "ip addr add " + tunnel(node) + "/96 dev " + Tunnel.DEVICE + " nodad");
            sh(node, "ip link set " + Tunnel.DEVICE + " up");
            LinuxMachine machine = new LinuxMachine(underlay.network(node));
            NetState wanted = VpcPlanner.wanted("demo", VPC, MEMBERS, Underlay.name(node), "eth0");
            assertThat(new PlanRunner(machine).run(NetPlanner.plan(machine.observe(), wanted)))
                    .isInstanceOf(PlanOutcome.Done.class);
            assertThat(NetPlanner.plan(machine.observe(), wanted)).isEmpty();
        }
    }

    @AfterEach
    void remove() throws CommandFailed {
        underlay.close();
    }

    private static Ip tunnel(int node) {
        return Tunnel.address(Underlay.address(node));
    }

    private String sh(int node, String line) throws CommandFailed {
        return underlay.node(node).check(Command.of(List.of(line.split(" "))));
    }

    private boolean pings(int node, String line) throws CommandFailed {
        return underlay.node(node)
                .run(Command.of(List.of(("ping -c 1 -W 1 " + line).split(" "))))
                .ok();
    }

    private long received() throws CommandFailed {
        return Long.parseLong(
                sh(1, "cat /sys/class/net/eni0/statistics/rx_packets").strip());
    }

    /** Somebody sends to the first member from the underlay, as the second would. */
    private void forge(String local, Ip to) throws CommandFailed {
        sh(3, "ip link add fake type vxlan id 5070 dev eth0 local " + local + " dstport 4789 nolearning");
        sh(3, "ip link set fake address " + SECOND + " up");
        sh(3, "ip addr add 172.16.0.2/24 dev fake");
        sh(3, "bridge fdb append 02:5c:ac:10:00:01 dev fake dst " + to);
        sh(3, "ip neigh replace 172.16.0.1 lladdr 02:5c:ac:10:00:01 dev fake nud permanent");
    }

    @Test
    void membersReachEachOtherWithFullPacketsOfEither() throws Exception {
        assertThat(pings(1, "-M do -s 1342 172.16.0.2")).as("1370 bytes").isTrue();
        assertThat(pings(2, "-M do -s 1322 fd00:16::1"))
                .as("1370 bytes of IPv6")
                .isTrue();
        assertThat(pings(1, "-M do -s 1343 172.16.0.2")).as("1371 bytes").isFalse();
        assertThat(new EchoProber(underlay.network(1))
                        .probe(new PathProber.Path(
                                "eni0", VPC.cidr().host(1), VPC.cidr().host(2), Optional.of(1370))))
                .isEqualTo(new PathOutcome.Passed(1370));
    }

    /** There is nobody for it: the device is none of IPv4. */
    @Test
    void aPlainPacketOfTheVpcIsNotHeardEvenWithoutTheShield() throws Exception {
        forge(Underlay.address(3).toString(), Underlay.address(1));
        long before = received();

        pings(3, "172.16.0.1");
        sh(1, "nft delete table inet scc_vpc5070");
        pings(3, "172.16.0.1");

        assertThat(received()).isEqualTo(before);
    }

    /** Class of hole: what others on the wire send in one's place. */
    @Test
    void aPacketForTheTunnelsAddressThatComesFromTheUnderlayIsNotHeard() throws Exception {
        String mac = sh(1, "cat /sys/class/net/eth0/address").strip();
        sh(3, "ip addr add " + tunnel(2) + "/96 dev eth0 nodad");
        sh(3, "ip neigh replace " + tunnel(1) + " lladdr " + mac + " dev eth0 nud permanent");
        forge(tunnel(2).toString(), tunnel(1));
        long before = received();

        pings(3, "172.16.0.1");
        assertThat(received()).isEqualTo(before);

        sh(1, "nft delete table inet scc_vpc5070");
        pings(3, "172.16.0.1");
        assertThat(received()).as("without the shield").isGreaterThan(before);
    }
}
