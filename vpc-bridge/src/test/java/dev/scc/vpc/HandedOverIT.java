package dev.scc.vpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.Cidr;
import dev.scc.host.Mac;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.net.HandedLink;
import dev.scc.host.net.LinuxMachine;
import dev.scc.host.net.NetPlanner;
import dev.scc.host.net.NetState;
import dev.scc.host.net.NetworkEvents;
import dev.scc.host.net.PlanOutcome;
import dev.scc.host.net.PlanRunner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ENIs in network namespaces of others, whose owner is root there. n1 hands over, n2 has an ordinary ENI. */
class HandedOverIT {
    private static final VpcNetwork LAB = VpcNetwork.of("lab", new Vni(5000), Cidr.parse("172.20.0.0/24"));
    private static final GroupName DOOR = new GroupName("door");

    private final LocalCommands host = new LocalCommands();
    private final String tenant =
            "scc-tenant-" + Integer.toHexString(ThreadLocalRandom.current().nextInt());

    @SuppressWarnings("NullAway.Init")
    private Underlay underlay;

    @SuppressWarnings("NullAway.Init")
    private LinuxMachine first;

    @BeforeEach
    void nodes() throws CommandFailed {
        underlay = new Underlay(2);
        host.check(Command.of("ip", "netns", "add", tenant));
        first = new LinuxMachine(underlay.network(1));
        reach(
                new LinuxMachine(underlay.network(2)),
                VpcPlan.of("vpc.lab", LAB, members(), "eni1").wanted(Underlay.name(2), "eth0", 1500));
    }

    @AfterEach
    void remove() throws CommandFailed {
        host.run(Command.of("ip", "netns", "del", tenant));
        underlay.close();
    }

    private static List<VpcMember> members() {
        return List.of(
                new VpcMember(Underlay.name(1), Underlay.address(1), LAB.cidr().host(1)),
                new VpcMember(Underlay.name(2), Underlay.address(2), LAB.cidr().host(2)));
    }

    private static void reach(LinuxMachine machine, NetState wanted) throws CommandFailed {
        assertThat(new PlanRunner(machine).run(NetPlanner.plan(machine.observe(), wanted)))
                .isInstanceOf(PlanOutcome.Done.class);
        assertThat(NetPlanner.plan(machine.observe(), wanted)).isEmpty();
    }

    private static NetState wanted(String... rules) {
        Optional<EniFilter> groups = rules.length == 0
                ? Optional.empty()
                : Optional.of(new EniFilter(
                        "eni1",
                        List.of(new SecurityGroup(
                                DOOR,
                                List.of(rules).stream().map(GroupRule::parse).toList())),
                        Map.of(DOOR, Set.of())));
        return VpcPlan.of("vpc.lab", LAB, members(), "vpc5000")
                .wantedHandedOver(
                        Underlay.name(1),
                        "eth0",
                        1500,
                        new HandedFilter("vpc5000", LAB.cidr().host(1), groups).table());
    }

    private static HandedLink link(String namespace) {
        return new HandedLink(
                "eni1",
                "eni1",
                "vpc5000",
                "vpc.lab",
                Mac.of(LAB.cidr().host(1)),
                1450,
                LAB.cidr().host(1),
                24,
                namespace);
    }

    private void handOver(String... rules) throws CommandFailed {
        reach(first, wanted(rules));
        assertThat(first.handOver(link("/run/netns/" + tenant), true)).isEmpty();
    }

    private Commands inside() {
        return NetworkNamespace.named(tenant).commands();
    }

    private boolean out(String... options) throws CommandFailed {
        return ping(inside(), "172.20.0.2", options);
    }

    private boolean in() throws CommandFailed {
        return ping(underlay.node(2), "172.20.0.1");
    }

    private static boolean ping(Commands from, String to, String... options) throws CommandFailed {
        List<String> argv = new java.util.ArrayList<>(List.of("ping", "-c", "1", "-W", "0.4"));
        argv.addAll(List.of(options));
        argv.add(to);
        return from.run(Command.of(argv)).ok();
    }

    @Test
    void itReachesOthersAndIsReachedWithoutAnythingOfTheVpcInTheNamespaceButItself() throws Exception {
        handOver();

        assertThat(out("-M", "do", "-s", "1422")).as("a full packet").isTrue();
        assertThat(in()).isTrue();
        assertThat(inside().check(Command.of("ip", "-o", "link", "show", "type", "macvlan")))
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

        inside().check(Command.of("ip", "link", "set", "eni1", "down"));
        inside().check(Command.of("ip", "link", "set", "eni1", "address", "02:5c:ac:14:00:09"));
        inside().check(Command.of("ip", "link", "set", "eni1", "up"));
        assertThat(out()).as("another Ethernet address").isFalse();

        assertThat(first.handOver(link("/run/netns/" + tenant), true)).isEmpty();
        await().until(this::out);
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
        assertThat(underlay.node(1).check(Command.of("ip", "-o", "link"))).doesNotContain("eni1");
        inside().check(Command.of("ip", "link", "add", "eni1", "type", "veth", "peer", "name", "other"));
        assertThat(first.handOver(link("/run/netns/" + tenant), true).orElseThrow())
                .contains("that scc has not made");
    }
}
