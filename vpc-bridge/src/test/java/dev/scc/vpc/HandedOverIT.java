package dev.scc.vpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import dev.scc.host.net.HandedLink;
import dev.scc.host.net.LinuxMachine;
import dev.scc.host.net.NetPlanner;
import dev.scc.host.net.NetState;
import dev.scc.host.net.NetworkEvents;
import dev.scc.host.net.PlanOutcome;
import dev.scc.host.net.PlanRunner;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * ENIs in network namespaces of others, whose owner is root there. n1 hands over eni1 and perhaps eni4, and has perhaps eni3 of
 * its own, all of one VPC; n2 has an ordinary ENI. Each has the address with the number of its name, and n2 that with 2.
 */
class HandedOverIT {
    private static final VpcNetwork LAB = new VpcNetwork(
            "lab",
            new Vni(5000),
            Cidr.parse("172.20.0.0/24"),
            Optional.empty(),
            Optional.of(Cidr6.parse("fd00:20::/64")));
    private static final GroupName DOOR = new GroupName("door");

    private final LocalCommands host = new LocalCommands();
    private final String tenant =
            "scc-tenant-" + Integer.toHexString(ThreadLocalRandom.current().nextInt());

    private final String other = tenant + "-2";

    @SuppressWarnings("NullAway.Init")
    private Underlay underlay;

    @SuppressWarnings("NullAway.Init")
    private LinuxMachine first;

    @BeforeEach
    void nodes() throws CommandFailed {
        underlay = new Underlay(2);
        host.check(Command.of("ip", "netns", "add", tenant));
        host.check(Command.of("ip", "netns", "add", other));
        first = new LinuxMachine(underlay.network(1));
        reach(
                new LinuxMachine(underlay.network(2)),
                VpcPlan.of("vpc.lab", LAB, members(), "eni1").wanted(Underlay.name(2), "eth0", 1500));
    }

    @AfterEach
    void remove() throws CommandFailed {
        host.run(Command.of("ip", "netns", "del", tenant));
        host.run(Command.of("ip", "netns", "del", other));
        underlay.close();
    }

    private static List<VpcMember> members() {
        return List.of(member(1, 1), member(2, 2), member(1, 3), member(1, 4));
    }

    private static VpcMember member(int node, int address) {
        return Underlay.member(LAB, node, address);
    }

    private static void reach(LinuxMachine machine, NetState wanted) throws CommandFailed {
        assertThat(new PlanRunner(machine).run(NetPlanner.plan(machine.observe(), wanted)))
                .isInstanceOf(PlanOutcome.Done.class);
        assertThat(NetPlanner.plan(machine.observe(), wanted)).isEmpty();
    }

    private static NetState wanted(String... rules) {
        return wanted(Optional.empty(), List.of(filter(1, rules)));
    }

    /** All four. */
    private static NetState several(String... rulesOfFourth) {
        return wanted(
                Optional.of(new EniPlan.Own("eni3", "vpc.lab", LAB.cidr().host(3), members())),
                List.of(filter(1), filter(4, rulesOfFourth)));
    }

    private static NetState wanted(Optional<EniPlan.Own> own, List<HandedFilter> handed) {
        List<EniPlan.Handed> all =
                handed.stream().map(filter -> new EniPlan.Handed(filter, false)).toList();
        return new EniPlan("vpc.lab", LAB, members(), own, all).wanted("eth0", 1500);
    }

    private static HandedFilter filter(int number, String... rules) {
        Optional<EniFilter> groups = rules.length == 0
                ? Optional.empty()
                : Optional.of(new EniFilter(
                        "eni" + number,
                        List.of(new SecurityGroup(
                                DOOR,
                                List.of(rules).stream().map(GroupRule::parse).toList())),
                        Map.of(DOOR, Set.of())));
        return new HandedFilter("eni" + number, "vpc5000", member(1, number).addresses(), groups);
    }

    private static HandedLink link(String namespace) {
        return link(1, namespace);
    }

    private static HandedLink link(int number, String namespace) {
        return new HandedLink(
                "eni1",
                "eni" + number,
                "vpc.lab",
                Mac.of(LAB.cidr().host(number)),
                1450,
                member(1, number).addresses().all().stream()
                        .map(address -> new HandedLink.Placed(address, LAB.prefixOf(address)))
                        .toList(),
                namespace);
    }

    private void handOverSeveral(String... rulesOfFourth) throws CommandFailed {
        reach(first, several(rulesOfFourth));
        assertThat(first.handOver(link("/run/netns/" + tenant), true)).isEmpty();
        assertThat(first.handOver(link(4, "/run/netns/" + other), true)).isEmpty();
    }

    private void handOver(String... rules) throws CommandFailed {
        reach(first, wanted(rules));
        assertThat(first.handOver(link("/run/netns/" + tenant), true)).isEmpty();
    }

    private Commands inside() {
        return NetworkNamespace.named(tenant).commands();
    }

    private Set<String> pairs() throws CommandFailed {
        return pairs(1, 2, 3, 4);
    }

    private Set<String> pairs(int... numbers) throws CommandFailed {
        return pairs("172.20.0.", numbers);
    }

    /** Who of them reaches whom, such as {@code 1>2}. */
    private Set<String> pairs(String network, int... numbers) throws CommandFailed {
        Set<String> pairs = new TreeSet<>();
        for (int from : numbers) {
            for (int to : numbers) {
                if (to != from && ping(where(from), network + to)) {
                    pairs.add(from + ">" + to);
                }
            }
        }
        return pairs;
    }

    private Commands where(int number) {
        return switch (number) {
            case 1 -> inside();
            case 2 -> underlay.node(2);
            case 3 -> underlay.node(1);
            default -> NetworkNamespace.named(other).commands();
        };
    }

    private boolean out(String... options) throws CommandFailed {
        return ping(inside(), "172.20.0.2", options);
    }

    private boolean out6(String... options) throws CommandFailed {
        return ping(inside(), "fd00:20::2", options);
    }

    private boolean in6() throws CommandFailed {
        return ping(underlay.node(2), "fd00:20::1");
    }

    private boolean in() throws CommandFailed {
        return ping(underlay.node(2), "172.20.0.1");
    }

    /** For a second: one packet alone is late on a busy machine. */
    private static boolean ping(Commands from, String to, String... options) throws CommandFailed {
        List<String> argv = new java.util.ArrayList<>(List.of("ping", "-c", "1", "-i", "0.2", "-w", "1"));
        argv.addAll(List.of(options));
        argv.add(to);
        return from.run(Command.of(argv)).ok();
    }

    @Test
    void itReachesOthersAndIsReachedWithoutAnythingOfTheVpcInTheNamespaceButItself() throws Exception {
        handOver();

        assertThat(out("-M", "do", "-s", "1422")).as("a full packet").isTrue();
        assertThat(in()).isTrue();
        assertThat(out6("-M", "do", "-s", "1402")).as("a full packet of IPv6").isTrue();
        assertThat(in6()).isTrue();
        assertThat(inside().check(Command.of("ip", "-6", "-o", "addr", "show", "dev", "eni1")))
                .contains("fd00:20::1/64")
                .doesNotContain("fe80", "tentative");
        assertThat(inside().check(Command.of("cat", "/proc/sys/net/ipv6/conf/all/disable_ipv6")))
                .isEqualTo("0\n");
        assertThat(inside().check(Command.of("ip", "-o", "link", "show", "type", "veth")))
                .contains("eni1");
        // A second look changes nothing, and neither does a restart of the agent.
        String number = inside().check(Command.of("cat", "/proc/self/net/dev"));
        assertThat(number).contains("eni1");
        assertThat(new LinuxMachine(underlay.network(1)).handOver(link("/run/netns/" + tenant), false))
                .isEmpty();
    }

    @Test
    void rulesOfItsGroupsHoldOnOurSideWhateverItsOwnerDoes() throws Exception {
        handOver("out icmp 172.20.0.2/32");
        assertThat(out()).as("with its answers").isTrue();
        assertThat(in()).isFalse();

        handOver("in icmp 172.20.0.2/32");
        assertThat(out()).isFalse();
        assertThat(in()).isTrue();

        handOver("out icmpv6 fd00:20::2/128");
        assertThat(out6()).as("with its answers").isTrue();
        assertThat(in6()).isFalse();
        assertThat(out()).as("IPv4 with rules of IPv6 alone").isFalse();

        handOver("in any ::/0");
        assertThat(out6()).isFalse();
        assertThat(in6()).isTrue();
        assertThat(in()).isFalse();

        handOver("in any 0.0.0.0/0", "out any 0.0.0.0/0");
        assertThat(out6() || in6()).as("IPv6 with rules of IPv4 alone").isFalse();
        assertThat(out() && in()).isTrue();

        handOver("out tcp/80 0.0.0.0/0");
        assertThat(out()).isFalse();
        assertThat(in()).isFalse();
        inside().check(Command.of("nft", "flush", "ruleset"));
        assertThat(out()).isFalse();
    }

    @Test
    void whoeverIsRootThereSendsNothingThatIsNotItsOwn() throws Exception {
        handOver();
        inside().check(Command.of("ip", "addr", "add", "172.20.0.9/24", "dev", "eni1"));
        assertThat(out("-I", "172.20.0.9")).as("another address").isFalse();
        await().until(this::out);
        inside().check(Command.of("ip", "addr", "add", "fd00:20::9/64", "dev", "eni1", "nodad"));
        long before = spoofed();
        assertThat(out6("-I", "fd00:20::9")).as("another address of IPv6").isFalse();
        assertThat(spoofed()).isGreaterThan(before);
        await().until(() -> out6("-I", "fd00:20::1"));

        inside().check(Command.of("ip", "link", "set", "eni1", "down"));
        inside().check(Command.of("ip", "link", "set", "eni1", "address", "02:5c:ac:14:00:09"));
        inside().check(Command.of("ip", "link", "set", "eni1", "up"));
        assertThat(out()).as("another Ethernet address").isFalse();

        assertThat(first.handOver(link("/run/netns/" + tenant), true)).isEmpty();
        await().until(this::out);
    }

    @Test
    void severalOfOneVpcOnOneNodeAreEachBehindRulesOfTheirOwn() throws Exception {
        handOverSeveral();
        assertThat(pairs())
                .containsExactly("1>2", "1>3", "1>4", "2>1", "2>3", "2>4", "3>1", "3>2", "3>4", "4>1", "4>2", "4>3");

        assertThat(pairs("fd00:20::", 1, 2, 3, 4)).isEqualTo(pairs());

        handOverSeveral("out icmp 172.20.0.2/32", "out icmp 172.20.0.3/32", "in icmp 172.20.0.3/32");
        assertThat(pairs()).containsExactly("1>2", "1>3", "2>1", "2>3", "3>1", "3>2", "3>4", "4>2", "4>3");
        assertThat(pairs("fd00:20::", 1, 2, 3, 4)).containsExactly("1>2", "1>3", "2>1", "2>3", "3>1", "3>2");

        handOverSeveral("out icmpv6 fd00:20::2/127", "in icmpv6 fd00:20::3/128");
        assertThat(pairs("fd00:20::", 1, 2, 3, 4))
                .containsExactly("1>2", "1>3", "2>1", "2>3", "3>1", "3>2", "3>4", "4>2", "4>3");
    }

    /** Linux advertises its addresses when its Ethernet address has changed. */
    @Test
    void whoeverIsRootThereAdvertisesNothingNotEvenItself() throws Exception {
        handOverSeveral();
        NetworkNamespace.named(tenant)
                .inside(() -> Files.writeString(Path.of("/proc/sys/net/ipv6/conf/eni1/ndisc_notify"), "1"));
        inside().check(Command.of("ip", "link", "set", "eni1", "address", "02:5c:ac:14:00:09"));
        long before = spoofed();

        inside().check(Command.of("ip", "link", "set", "eni1", "address", "02:5c:ac:14:00:01"));

        await().until(() -> spoofed() > before);
        assertThat(out6()).isTrue();
    }

    /** Rules remember who has begun. */
    @Test
    void connectionsOfIpv6AreLetThroughByTheirRuleAndTheirAnswersWithout() throws Exception {
        handOver("out tcp/7000 fd00:20::/64", "in tcp/7001 fd00:20::2/128");
        for (int port = 7000; port <= 7001; port++) {
            InetSocketAddress place = new InetSocketAddress(port == 7000 ? "fd00:20::2" : "fd00:20::1", port);
            NetworkNamespace there = port == 7000 ? underlay.network(2) : NetworkNamespace.named(tenant);
            NetworkNamespace here = port == 7000 ? NetworkNamespace.named(tenant) : underlay.network(2);
            try (ServerSocketChannel listener =
                            there.inside(() -> ServerSocketChannel.open().bind(place));
                    SocketChannel to = here.inside(() -> SocketChannel.open(place));
                    SocketChannel from = listener.accept()) {
                from.write(ByteBuffer.wrap(new byte[] {7}));
                assertThat(to.read(ByteBuffer.allocate(1))).isEqualTo(1);
            }
        }
        InetSocketAddress closed = new InetSocketAddress("fd00:20::1", 7002);
        try (SocketChannel dropped = underlay.network(2).inside(SocketChannel::open)) {
            assertThatThrownBy(() -> dropped.socket().connect(closed, 300)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** It has the other's Ethernet address as well: whose a frame is must not follow from what stands in it. */
    @Test
    void whoeverIsRootThereIsNotTakenForAnotherEniOfItsNode() throws Exception {
        handOverSeveral();
        inside().check(Command.of("ip", "addr", "flush", "dev", "eni1"));
        inside().check(Command.of(
                "ip",
                "link",
                "set",
                "eni1",
                "address",
                Mac.of(LAB.cidr().host(4)).value()));
        inside().check(Command.of("ip", "addr", "add", "172.20.0.4/24", "dev", "eni1"));
        inside().check(Command.of(
                "ip",
                "neigh",
                "replace",
                "172.20.0.2",
                "lladdr",
                Mac.of(LAB.cidr().host(2)).value(),
                "dev",
                "eni1"));
        long before = spoofed();
        assertThat(out()).isFalse();
        assertThat(ping(inside(), "172.20.0.3")).isFalse();
        assertThat(spoofed()).isGreaterThan(before);

        inside().check(Command.of(
                "ip", "link", "add", "link", "eni1", "name", "spy", "type", "macvlan", "mode", "source"));
        inside().check(Command.of(
                "ip",
                "link",
                "set",
                "spy",
                "type",
                "macvlan",
                "macaddr",
                "add",
                Mac.of(LAB.cidr().host(2)).value()));
        inside().check(Command.of("ip", "link", "set", "spy", "up"));
        assertThat(ping(underlay.node(2), "172.20.0.4"))
                .as("nobody else's frames come here")
                .isTrue();
    }

    private long spoofed() throws CommandFailed {
        String table = HandedFilter.tableOf("eni1");
        return first.counts(List.of(table))
                .getOrDefault(table, FilterCounts.NONE)
                .of(DropCause.SPOOFED_OUT.counter())
                .packets();
    }

    /** Meanwhile the agent has been started anew, and knows nothing of rules that it has not made. */
    @Test
    void oneThatGoesWithItsNamespaceLeavesTheOthersAndComesAnewBehindItsRules() throws Exception {
        handOverSeveral("out icmp 172.20.0.2/32");
        host.check(Command.of("ip", "netns", "del", other));
        await().until(() ->
                !underlay.node(1).check(Command.of("ip", "-o", "link")).contains("eni4"));
        assertThat(pairs(1, 2, 3)).containsExactly("1>2", "1>3", "2>1", "2>3", "3>1", "3>2");

        host.check(Command.of("ip", "netns", "add", other));
        first = new LinuxMachine(underlay.network(1));
        handOverSeveral("out icmp 172.20.0.2/32");
        assertThat(pairs()).containsExactly("1>2", "1>3", "2>1", "2>3", "3>1", "3>2", "4>2");

        NetworkNamespace.named(other).commands().check(Command.of("ip", "link", "set", "eni1", "name", "mine"));
        assertThat(first.handOver(link(4, "/run/netns/" + other), true))
                .hasValueSatisfying(why -> assertThat(why).contains("made anew"));
        handOverSeveral("out icmp 172.20.0.2/32");
        assertThat(pairs()).contains("4>2").doesNotContain("4>1");
    }

    @Test
    void itGoesWithItsNamespaceWhichIsTold() throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (AutoCloseable watching = first.watch(new NetworkEvents.Listener() {
            @Override
            public void ours() {
                told.incrementAndGet();
            }

            @Override
            public void others() {}
        })) {
            assertThat(watching).isNotNull();
            handOver();
            await().until(() -> told.get() > 0);
            int before = told.get();

            host.check(Command.of("ip", "netns", "del", tenant));

            await().until(() -> told.get() > before);
        }
        assertThat(first.objection("/run/netns/" + tenant))
                .hasValueSatisfying(why -> assertThat(why).contains("no network namespace"));
        reach(first, NetState.empty());
        assertThat(underlay.node(1).check(Command.of("nft", "list", "ruleset"))).isEmpty();
        assertThat(underlay.node(1).check(Command.of("ip", "-o", "link"))).doesNotContain("vpc5000", "eni1");
    }

    @Test
    void itGoesWithItsVxlanDeviceAndLeavesNothing() throws Exception {
        String before = inside().check(Command.of("ip", "-o", "link")) + inside().check(Command.of("ip", "route"));
        handOver("out icmp 172.20.0.2/32");

        reach(first, NetState.empty());

        assertThat(inside().check(Command.of("ip", "-o", "link")) + inside().check(Command.of("ip", "route")))
                .isEqualTo(before);
    }

    @Test
    void whatIsNoNamespaceIsRefused() throws Exception {
        reach(first, wanted());

        assertThat(first.handOver(link("/etc/passwd"), true).orElseThrow()).contains("no network namespace");
        assertThat(first.handOver(link("/proc/4194304/ns/net"), true).orElseThrow())
                .contains("no network namespace");
        assertThat(first.handOver(link("/proc/self/ns/mnt"), true).orElseThrow())
                .contains("no network namespace");
        assertThat(inside().check(Command.of("ip", "-o", "link"))).doesNotContain("eni1");
        inside().check(Command.of("ip", "link", "add", "eni1", "type", "veth", "peer", "name", "other"));
        assertThat(first.handOver(link("/run/netns/" + tenant), true).orElseThrow())
                .contains("that scc has not made");
    }
}
