package dev.scc.vpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.Cidr;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import dev.scc.host.net.LinuxMachine;
import dev.scc.host.net.NetPlanner;
import dev.scc.host.net.NetState;
import dev.scc.host.net.PlanOutcome;
import dev.scc.host.net.PlanRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VpcIT {
    private static final VpcNetwork RED = VpcNetwork.of("red", new Vni(70), Cidr.parse("172.16.0.0/24"));
    private static final VpcNetwork BLUE = VpcNetwork.of("blue", new Vni(71), Cidr.parse("172.17.0.0/24"));

    @TempDir
    Path directory;

    private Underlay underlay;

    @BeforeEach
    void nodes() throws CommandFailed {
        underlay = new Underlay(4);
    }

    @AfterEach
    void remove() throws CommandFailed {
        underlay.close();
    }

    /** The nodes so numbered get the VPC's addresses 1, 2, ... in this order. */
    private void join(VpcNetwork vpc, int... nodes) throws CommandFailed {
        List<VpcMember> members = IntStream.range(0, nodes.length)
                .mapToObj(index -> new VpcMember(
                        Underlay.name(nodes[index]),
                        Underlay.address(nodes[index]),
                        vpc.cidr().host(index + 1)))
                .toList();
        for (int node : nodes) {
            reach(node, VpcPlanner.wanted(vpc.name(), vpc, members, Underlay.name(node), "eth0"));
        }
    }

    private void reach(int node, NetState wanted) throws CommandFailed {
        LinuxMachine machine = new LinuxMachine(underlay.network(node));
        assertThat(new PlanRunner(machine).run(NetPlanner.plan(machine.observe(), wanted)))
                .isInstanceOf(PlanOutcome.Done.class);
        assertThat(NetPlanner.plan(machine.observe(), wanted)).isEmpty();
    }

    private boolean ping(int from, VpcNetwork vpc, int number, String... options) throws CommandFailed {
        List<String> argv = new java.util.ArrayList<>(List.of("ping", "-c", "1", "-W", "1"));
        argv.addAll(List.of(options));
        argv.add(vpc.cidr().host(number).toString());
        return underlay.node(from).run(Command.of(argv)).ok();
    }

    private String sh(int node, String... argv) throws CommandFailed {
        return underlay.node(node).check(Command.of(argv));
    }

    /** Whether text gets over TCP from one node to the first address of a VPC, which another node has. */
    private boolean tcp(int from, int to, VpcNetwork vpc) throws Exception {
        String address = vpc.cidr().host(1).toString();
        Commands server = underlay.node(to);
        Command listen = Command.of("busybox", "nc", "-l", "-p", "5000").within(Duration.ofSeconds(4));
        Callable<String> listening = () -> server.run(listen).output();
        FutureTask<String> heard = new FutureTask<>(listening);
        Thread.ofVirtual().start(heard);
        await().until(() -> sh(to, "ss", "-ltn").contains(":5000 "));

        // In a file: the other side has nothing to say, and nc leaves when it hears that before it has read anything.
        Path word = Files.writeString(directory.resolve("word"), "word");
        boolean sent = underlay.node(from)
                .run(Command.of("sh", "-c", "exec busybox nc -w 1 \"$0\" 5000 <\"$1\"", address, word.toString()))
                .ok();
        if (sent) {
            assertThat(heard.get(5, TimeUnit.SECONDS)).isEqualTo("word");
        } else {
            heard.cancel(true);
        }
        return sent;
    }

    @Test
    void membersReachEachOther() throws Exception {
        join(RED, 1, 2, 3);

        for (int from = 1; from <= 3; from++) {
            for (int to = 1; to <= 3; to++) {
                assertThat(ping(from, RED, to)).as("n%d to n%d", from, to).isTrue();
            }
        }
        assertThat(ping(1, RED, 2, "-M", "do", "-s", "1422"))
                .as("a full packet of 1450 bytes")
                .isTrue();
        assertThat(tcp(2, 1, RED)).isTrue();
        assertThat(sh(1, "ip", "route", "get", "172.16.0.2")).contains("dev eni0");
    }

    private PathOutcome probe(int from, int to) throws InterruptedException {
        return new EchoProber(underlay.network(from))
                .probe(new PathProber.Path(
                        "eni0", RED.cidr().host(from), RED.cidr().host(to), Optional.of(1450)));
    }

    @Test
    void probesTellASmallerMtuFromAPortThatIsDropped() throws Exception {
        join(RED, 1, 2);
        assertThat(probe(1, 2)).isEqualTo(new PathOutcome.Passed(1450));
        assertThat(new EchoProber(underlay.network(3))
                        .probe(new PathProber.Path(
                                "eni0", RED.cidr().host(3), RED.cidr().host(1), Optional.of(1450))))
                .isEqualTo(new PathOutcome.Unable("eni0 is not there"));

        sh(2, "ip", "link", "set", "eth0", "mtu", "1400");
        assertThat(probe(2, 1)).isInstanceOfSatisfying(PathOutcome.Narrow.class, narrow -> {
            assertThat(narrow.mtu()).isEqualTo(1450);
            // A veth takes four bytes more, in which a VLAN's tag could be.
            assertThat(narrow.passes()).isBetween(1350, 1354);
        });

        sh(2, "nft", "add table inet wall; add chain inet wall in { type filter hook input priority 0; }");
        sh(2, "nft", "add rule inet wall in udp dport 4789 drop");
        FutureTask<PathOutcome> back = new FutureTask<>(() -> probe(2, 1));
        Thread.ofVirtual().start(back);
        assertThat(probe(1, 2)).isEqualTo(new PathOutcome.Silent(true));
        assertThat(back.get()).isEqualTo(new PathOutcome.Silent(false));
    }

    @Test
    void twoVpcsDoNotReachEachOtherEvenWithARouteOverTheUnderlay() throws Exception {
        join(RED, 1, 2);
        join(BLUE, 3, 4);
        assertThat(ping(1, RED, 2)).isTrue();
        assertThat(ping(3, BLUE, 2)).isTrue();
        assertThat(ping(1, BLUE, 1)).as("without a route").isFalse();

        sh(1, "ip", "route", "add", "172.17.0.0/24", "via", Underlay.address(3).toString(), "dev", "eth0");
        assertThat(ping(1, BLUE, 1)).as("with a route over the underlay").isFalse();
        assertThat(ping(1, BLUE, 1, "-I", "172.16.0.1"))
                .as("with its VPC address")
                .isFalse();
        assertThat(tcp(1, 3, BLUE)).isFalse();
        sh(1, "ip", "route", "replace", "172.17.0.0/24", "dev", "eni0");
        assertThat(ping(1, BLUE, 1)).as("with a route over the ENI").isFalse();

        // Without the shield it would be let in: so it is the shield that keeps it out.
        sh(
                1,
                "ip",
                "route",
                "replace",
                "172.17.0.0/24",
                "via",
                Underlay.address(3).toString(),
                "dev",
                "eth0");
        sh(3, "nft", "delete", "table", "inet", "scc_vpc71");
        assertThat(ping(1, BLUE, 1)).as("without the shield").isTrue();
    }

    @Test
    void aMemberForwardsNothingFromItsVpc() throws Exception {
        join(RED, 1, 2);
        sh(2, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        sh(1, "ip", "route", "add", Underlay.address(4).toString(), "via", "172.16.0.2", "dev", "eni0");
        sh(4, "ip", "route", "add", "172.16.0.0/24", "via", Underlay.address(2).toString());

        assertThat(ping(4, RED, 1)).as("from outside through a member").isFalse();
        sh(2, "nft", "delete", "table", "inet", "scc_vpc70");
        assertThat(ping(4, RED, 1)).as("what a member forwards is not its own").isFalse();
        sh(1, "nft", "delete", "table", "inet", "scc_vpc70");
        assertThat(ping(4, RED, 1)).as("without the shields").isTrue();
    }

    @Test
    void aStrangerWithTheSameVniIsNotHeard() throws Exception {
        join(RED, 1, 2);
        // n4 sends as if it were n2, from its own underlay address.
        sh(4, "ip", "link", "add", "fake", "type", "vxlan", "id", "70", "dev", "eth0", "dstport", "4789", "nolearning");
        sh(4, "ip", "link", "set", "fake", "address", "02:5c:ac:10:00:02", "up");
        sh(4, "ip", "addr", "add", "172.16.0.2/24", "dev", "fake");
        sh(
                4,
                "bridge",
                "fdb",
                "append",
                "02:5c:ac:10:00:01",
                "dev",
                "fake",
                "dst",
                Underlay.address(1).toString());
        sh(4, "ip", "neigh", "replace", "172.16.0.1", "lladdr", "02:5c:ac:10:00:01", "dev", "fake", "nud", "permanent");

        long before = received();
        ping(4, RED, 1);
        assertThat(received()).isEqualTo(before);

        sh(1, "nft", "delete", "table", "inet", "scc_vpc70");
        ping(4, RED, 1);
        assertThat(received()).as("without the shield").isGreaterThan(before);
    }

    private long received() throws CommandFailed {
        return Long.parseLong(
                sh(1, "cat", "/sys/class/net/eni0/statistics/rx_packets").strip());
    }

    @Test
    void aMemberThatJoinsIsReachedAndOneThatLeftIsNot() throws Exception {
        join(RED, 1, 2);
        assertThat(ping(1, RED, 2)).isTrue();

        join(RED, 1, 2, 3);
        assertThat(ping(1, RED, 3)).isTrue();
        join(RED, 1, 2);

        assertThat(ping(1, RED, 2)).isTrue();
        assertThat(ping(1, RED, 3))
                .as("n3 still has its part, but is no member")
                .isFalse();
    }

    @Test
    void aVpcLeavesNothingBehind() throws Exception {
        String before = sh(1, "ip", "-j", "link") + sh(1, "bridge", "fdb") + sh(1, "nft", "list", "ruleset");
        join(RED, 1, 2);

        reach(1, NetState.empty());

        assertThat(sh(1, "ip", "-j", "link") + sh(1, "bridge", "fdb") + sh(1, "nft", "list", "ruleset"))
                .isEqualTo(before);
    }
}
