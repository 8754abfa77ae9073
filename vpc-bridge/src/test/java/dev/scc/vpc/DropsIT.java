package dev.scc.vpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Mac;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.net.FilterCounts;
import dev.scc.host.net.FilterCounts.Noted;
import dev.scc.host.net.HandedLink;
import dev.scc.host.net.LinuxMachine;
import dev.scc.host.net.NetPlanner;
import dev.scc.host.net.NetState;
import dev.scc.host.net.PlanOutcome;
import dev.scc.host.net.PlanRunner;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What filters count and note of packets. n2 has the ENI with rules, n1 is another in the VPC. */
class DropsIT {
    private static final VpcNetwork VPC = new VpcNetwork(
            "lab",
            new Vni(5_000),
            Cidr.parse("172.20.0.0/24"),
            Optional.empty(),
            Optional.of(Cidr6.parse("fd00:20::/64")));
    private static final GroupName DOOR = new GroupName("door");
    private static final String FILTER = EniFilter.tableOf("eni1");
    private static final String SHIELD = VpcPlan.shieldOf(VPC);
    private static final String PING_RULE = "in icmp 172.20.0.1/32";

    private final LocalCommands host = new LocalCommands();
    private final String tenant =
            "scc-tenant-" + Integer.toHexString(ThreadLocalRandom.current().nextInt());

    @SuppressWarnings("NullAway.Init")
    private Underlay underlay;

    @SuppressWarnings("NullAway.Init")
    private LinuxMachine second;

    @BeforeEach
    void nodes() throws CommandFailed {
        underlay = new Underlay(3);
        second = new LinuxMachine(underlay.network(2));
        reach(new LinuxMachine(underlay.network(1)), vpc(1));
        reach(second, vpc(2).and(filter(PING_RULE)));
    }

    @AfterEach
    void remove() throws CommandFailed {
        host.run(Command.of("ip", "netns", "del", tenant));
        underlay.close();
    }

    private static List<VpcMember> members() {
        return IntStream.rangeClosed(1, 3)
                .mapToObj(each -> Underlay.member(VPC, each, each))
                .toList();
    }

    private static NetState vpc(int node) {
        return VpcPlan.of("vpc.lab", VPC, members(), "eni1").wanted(Underlay.name(node), "eth0", 1_500);
    }

    private static EniFilter groups(String... rules) {
        List<GroupRule> its = Stream.of(rules).map(GroupRule::parse).toList();
        return new EniFilter("eni1", List.of(new SecurityGroup(DOOR, its)), Map.of());
    }

    private static NetState filter(String... rules) {
        return NetState.of(List.of(groups(rules).table()));
    }

    private static void reach(LinuxMachine machine, NetState wanted) throws CommandFailed {
        assertThat(new PlanRunner(machine).run(NetPlanner.plan(machine.observe(), wanted)))
                .isInstanceOf(PlanOutcome.Done.class);
        assertThat(NetPlanner.plan(machine.observe(), wanted)).isEmpty();
    }

    /** One packet; for those that are not to be answered. */
    private static boolean ping(Commands from, String... options) throws CommandFailed {
        return ping(from, "0.3", options);
    }

    /** The same with patience; for one that is to be answered. */
    private static boolean reaches(Commands from, String to) throws CommandFailed {
        return ping(from, "10", new String[] {to});
    }

    private static boolean ping(Commands from, String seconds, String[] options) throws CommandFailed {
        return from.run(Command.of(Stream.concat(Stream.of("ping", "-c", "1", "-W", seconds), Stream.of(options))
                        .toList()))
                .ok();
    }

    private FilterCounts counts(String table) throws CommandFailed {
        return second.counts(List.of(table)).getOrDefault(table, FilterCounts.NONE);
    }

    private static String rule(String text) {
        return EniFilter.counterOf(DOOR, GroupRule.parse(text));
    }

    /** To port 99 of n2's ENI, from port 1234 of n1. */
    private void knock() throws Exception {
        send(99, 99);
    }

    private void send(int firstPort, int lastPort) throws Exception {
        InetSocketAddress source = new InetSocketAddress("172.20.0.1", 1234);
        try (DatagramChannel channel =
                underlay.network(1).inside(() -> DatagramChannel.open().bind(source))) {
            for (int port = firstPort; port <= lastPort; port++) {
                channel.send(ByteBuffer.wrap(new byte[] {7}), new InetSocketAddress("172.20.0.2", port));
            }
        }
    }

    @Test
    void whatARuleLetsThroughAndWhatNoneDoesIsCountedAndTheLatterNoted() throws Exception {
        assertThat(reaches(underlay.node(1), "172.20.0.2")).isTrue();
        assertThat(counts(FILTER).of(rule(PING_RULE)).packets()).isEqualTo(1);
        assertThat(counts(FILTER).latest()).isEmpty();

        knock();
        ping(underlay.node(2), "172.20.0.1");

        await().until(() -> counts(FILTER).latest().size() == 2);
        FilterCounts counted = counts(FILTER);
        assertThat(counted.of(DropCause.IN.counter()).packets()).isEqualTo(1);
        assertThat(counted.of(DropCause.OUT.counter()).packets()).isEqualTo(1);
        assertThat(counted.of(rule(PING_RULE)).packets()).isEqualTo(1);
        assertThat(counted.more()).isFalse();
        assertThat(counted.latest()).extracting(Noted::age).allMatch(age -> age >= 0 && age < 60_000);
        assertThat(counted.latest())
                .filteredOn(noted -> noted.protocol() == 17)
                .singleElement()
                .satisfies(noted -> {
                    assertThat(DropCause.ofSet(noted.set())).contains(DropCause.IN);
                    assertThat(noted.from()).isEqualTo(VPC.cidr().host(1));
                    assertThat(noted.to()).isEqualTo(VPC.cidr().host(2));
                    assertThat(noted.ports()).contains(new FilterCounts.Ports(1234, 99));
                    assertThat(noted.count()).isEqualTo(counted.of(DropCause.IN.counter()));
                });
        assertThat(counted.latest())
                .filteredOn(noted -> noted.protocol() == 1)
                .singleElement()
                .satisfies(noted -> {
                    assertThat(DropCause.ofSet(noted.set())).contains(DropCause.OUT);
                    assertThat(noted.to()).isEqualTo(VPC.cidr().host(1));
                    assertThat(noted.ports()).isEmpty();
                });
        // Counting is no change, and another agent goes on with it.
        NetState wanted = vpc(2).and(filter(PING_RULE));
        assertThat(NetPlanner.plan(second.observe(), wanted)).isEmpty();
        assertThat(NetPlanner.plan(new LinuxMachine(underlay.network(2)).observe(), wanted))
                .isEmpty();
        assertThat(counts(FILTER).counters()).isEqualTo(counted.counters());
    }

    @Test
    void whatIsDroppedOfIpv6IsNotedWithItsAddressesAndPorts() throws Exception {
        InetSocketAddress source = new InetSocketAddress("fd00:20::1", 1234);
        try (DatagramChannel channel =
                underlay.network(1).inside(() -> DatagramChannel.open().bind(source))) {
            channel.send(ByteBuffer.wrap(new byte[] {7}), new InetSocketAddress("fd00:20::2", 99));
        }
        assertThat(ping(underlay.node(2), "fd00:20::1")).isFalse();

        await().until(() -> counts(FILTER).latest().size() == 2);
        assertThat(counts(FILTER).latest())
                .filteredOn(noted -> noted.protocol() == 17)
                .singleElement()
                .satisfies(noted -> {
                    assertThat(DropCause.ofSet(noted.set())).contains(DropCause.IN);
                    assertThat(noted.from()).hasToString("fd00:20::1");
                    assertThat(noted.to()).hasToString("fd00:20::2");
                    assertThat(noted.ports()).contains(new FilterCounts.Ports(1234, 99));
                });
        assertThat(counts(FILTER).latest())
                .filteredOn(noted -> noted.protocol() == 58)
                .singleElement()
                .satisfies(noted -> {
                    assertThat(DropCause.ofSet(noted.set())).contains(DropCause.OUT);
                    assertThat(noted.to()).hasToString("fd00:20::1");
                });
    }

    /** Root on n1 can remove our table there, and send with the address of n3, or neighbour advertisements. */
    @Test
    void forgedPacketsOfIpv6AreCountedWhereTheyComeIn() throws Exception {
        underlay.node(1).check(Command.of("nft", "delete", "table", "inet", SHIELD));
        underlay.node(1).check(Command.of("ip", "addr", "add", "fd00:20::3/128", "dev", "eni1", "nodad"));
        assertThat(ping(underlay.node(1), "-I", "fd00:20::3", "fd00:20::2")).isFalse();
        FilterCounts.Count spoofed = counts(SHIELD).of(DropCause.FORGED.counter());
        assertThat(spoofed.packets()).isPositive();

        // Its own address is no forgery, but that it advertises it.
        underlay.node(1).check(Command.of("ip", "addr", "del", "fd00:20::3/128", "dev", "eni1"));
        underlay.network(1).inside(() -> Files.writeString(Path.of("/proc/sys/net/ipv6/conf/eni1/ndisc_notify"), "1"));
        String all = "bridge fdb append 33:33:00:00:00:01 dev vpc5000 dst " + Underlay.address(2);
        underlay.node(1).check(Command.of(List.of(all.split(" "))));
        underlay.node(1).check(Command.of("ip", "link", "set", "eni1", "address", "02:5c:ac:14:00:03"));
        FilterCounts.Count before = counts(SHIELD).of(DropCause.FORGED.counter());
        underlay.node(1).check(Command.of("ip", "link", "set", "eni1", "address", "02:5c:ac:14:00:01"));
        await().until(() -> counts(SHIELD).of(DropCause.FORGED.counter()).packets() > before.packets());
        assertThat(before.packets()).isGreaterThan(spoofed.packets());
    }

    @Test
    void countersGoOnWhenOtherRulesChange() throws Exception {
        assertThat(reaches(underlay.node(1), "172.20.0.2")).isTrue();
        knock();
        await().until(() -> counts(FILTER).of(DropCause.IN.counter()).packets() == 1);
        FilterCounts before = counts(FILTER);

        reach(second, vpc(2).and(filter("in tcp/80 172.20.0.0/24", PING_RULE)));

        assertThat(counts(FILTER).of(rule(PING_RULE))).isEqualTo(before.of(rule(PING_RULE)));
        assertThat(counts(FILTER).of(DropCause.IN.counter())).isEqualTo(before.of(DropCause.IN.counter()));
        assertThat(reaches(underlay.node(1), "172.20.0.2")).isTrue();
        assertThat(counts(FILTER).of(rule(PING_RULE)).packets()).isEqualTo(2);

        reach(second, vpc(2).and(filter("in tcp/80 172.20.0.0/24")));
        assertThat(counts(FILTER).counters()).doesNotContainKey(rule(PING_RULE));
    }

    /** Root on n1 can remove our table there, and send with the address of n3. */
    @Test
    void forgedPacketsAreCountedWhereTheyComeInAndWhereTheyWouldGoOut() throws CommandFailed {
        underlay.node(1).check(Command.of("ip", "addr", "add", "172.20.0.3/32", "dev", "eni1"));
        underlay.node(1).run(Command.of("nft", "delete", "table", "inet", SHIELD));
        assertThat(ping(underlay.node(1), "-I", "172.20.0.3", "172.20.0.2")).isFalse();

        FilterCounts shield = counts(SHIELD);
        assertThat(shield.of(DropCause.FORGED.counter()).packets()).isPositive();
        assertThat(shield.latest()).anySatisfy(noted -> {
            assertThat(DropCause.ofSet(noted.set())).contains(DropCause.FORGED);
            // Whoever sent it, by his underlay address.
            assertThat(noted.from()).isEqualTo(Underlay.address(1));
            assertThat(noted.ports().map(FilterCounts.Ports::to)).contains(VpcPlanner.PORT);
        });
        assertThat(counts(FILTER).of(DropCause.IN.counter())).isEqualTo(FilterCounts.Count.NONE);

        underlay.node(2).check(Command.of("ip", "addr", "add", "10.7.7.7/32", "dev", "lo"));
        assertThat(ping(underlay.node(2), "-I", "10.7.7.7", "172.20.0.1")).isFalse();
        assertThat(counts(SHIELD).of(DropCause.SPOOFED_OUT.counter()).packets()).isPositive();
        assertThat(counts(SHIELD).latest()).anySatisfy(noted -> {
            assertThat(DropCause.ofSet(noted.set())).contains(DropCause.SPOOFED_OUT);
            assertThat(noted.from()).hasToString("10.7.7.7");
            assertThat(noted.to()).isEqualTo(VPC.cidr().host(1));
        });
    }

    @Test
    void ofAnEniInAnotherNamespaceOurSideCountsWhateverItsOwnerDoes() throws CommandFailed {
        host.check(Command.of("ip", "netns", "add", tenant));
        LinuxMachine third = new LinuxMachine(underlay.network(3));
        String table = HandedFilter.tableOf("eni1");
        String rule = "out icmp 172.20.0.1/32";
        HandedFilter filter =
                new HandedFilter("eni1", "vpc5000", Underlay.member(VPC, 3, 3).addresses(), Optional.of(groups(rule)));
        reach(
                third,
                new EniPlan("vpc.lab", VPC, members(), Optional.empty(), List.of(new EniPlan.Handed(filter, false)))
                        .wanted("eth0", 1_500));
        assertThat(third.handOver(
                        new HandedLink(
                                "eni1",
                                "eni1",
                                "vpc.lab",
                                Mac.of(VPC.cidr().host(3)),
                                1_450,
                                List.of(new HandedLink.Placed(VPC.cidr().host(3), 24)),
                                "/run/netns/" + tenant),
                        true))
                .isEmpty();
        Commands inside = NetworkNamespace.named(tenant).commands();

        assertThat(reaches(inside, "172.20.0.1")).isTrue();
        assertThat(ping(inside, "172.20.0.2")).isFalse();
        inside.check(Command.of("ip", "addr", "add", "172.20.0.9/24", "dev", "eni1"));
        assertThat(ping(inside, "-I", "172.20.0.9", "172.20.0.1")).isFalse();

        FilterCounts counted = third.counts(List.of(table, SHIELD)).getOrDefault(table, FilterCounts.NONE);
        assertThat(counted.of(rule(rule)).packets()).isEqualTo(1);
        assertThat(counted.of(DropCause.OUT.counter()).packets()).isEqualTo(1);
        assertThat(counted.of(DropCause.SPOOFED_OUT.counter()).packets()).isPositive();
        assertThat(counted.latest()).anySatisfy(noted -> {
            assertThat(DropCause.ofSet(noted.set())).contains(DropCause.SPOOFED_OUT);
            assertThat(noted.from()).hasToString("172.20.0.9");
        });
        assertThat(counted.latest()).anySatisfy(noted -> {
            assertThat(DropCause.ofSet(noted.set())).contains(DropCause.OUT);
            assertThat(noted.to()).isEqualTo(VPC.cidr().host(2));
        });
    }

    /** Class of hole: a stranger who fills what is kept of his packets, and is let through when it is full. */
    @Test
    void whoeverSendsMoreThanIsNotedIsDroppedStill() throws Exception {
        send(20_000, 20_600);

        await().until(() -> counts(FILTER).of(DropCause.IN.counter()).packets() == 601);
        assertThat(counts(FILTER).more()).isTrue();
        assertThat(counts(FILTER).latest()).hasSizeBetween(1, 256);
        knock();
        await().until(() -> counts(FILTER).of(DropCause.IN.counter()).packets() == 602);
    }
}
