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
import dev.scc.host.net.HandedLink;
import dev.scc.host.net.LinuxMachine;
import dev.scc.host.net.NetPlanner;
import dev.scc.host.net.NetState;
import dev.scc.host.net.PlanOutcome;
import dev.scc.host.net.PlanRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Members of two clusters, a (1 on n1, 2 on n2) and b (3 on n3), and ENIs of the same VPC beside them in namespaces of others: 4 and
 * 5 on n1, 6 on n3. Each has the address with its number.
 */
class MemberBesideIT {
    private static final VpcNetwork LAB = new VpcNetwork(
            "lab",
            new Vni(5000),
            Cidr.parse("172.20.0.0/24"),
            Optional.empty(),
            Optional.of(Cidr6.parse("fd00:20::/64")));
    private static final Set<Integer> MEMBERS = Set.of(1, 2, 3);

    private final LocalCommands host = new LocalCommands();
    private final String tenant =
            "scc-tenant-" + Integer.toHexString(ThreadLocalRandom.current().nextInt()) + "-";

    @SuppressWarnings("NullAway.Init")
    private Underlay underlay;

    @BeforeEach
    void nodes() throws CommandFailed {
        underlay = new Underlay(3);
        for (int number = 4; number <= 6; number++) {
            host.check(Command.of("ip", "netns", "add", tenant + number));
        }
    }

    @AfterEach
    void remove() throws CommandFailed {
        for (int number = 4; number <= 6; number++) {
            host.run(Command.of("ip", "netns", "del", tenant + number));
        }
        underlay.close();
    }

    private static int node(int number) {
        return switch (number) {
            case 1, 4, 5 -> 1;
            case 2 -> 2;
            default -> 3;
        };
    }

    private static String cluster(int number) {
        return number == 3 ? "b" : "a";
    }

    /** Whether they know each other. */
    private static boolean meet(int one, int other) {
        return !MEMBERS.contains(one)
                || !MEMBERS.contains(other)
                || cluster(one).equals(cluster(other));
    }

    private static List<VpcMember> members(Stream<Integer> numbers) {
        return numbers.map(number -> Underlay.member(LAB, node(number), number)).toList();
    }

    /** What a node has to have of those who are there. */
    private static NetState wanted(int node, Set<Integer> there) {
        Optional<Integer> member = there.stream()
                .filter(number -> MEMBERS.contains(number) && node(number) == node)
                .findFirst();
        List<EniPlan.Handed> handed = there.stream()
                .filter(number -> !MEMBERS.contains(number) && node(number) == node)
                .map(number -> new EniPlan.Handed(
                        new HandedFilter(
                                "eni" + number,
                                "vpc5000",
                                Underlay.member(LAB, node, number).addresses(),
                                Optional.empty()),
                        false))
                .toList();
        List<VpcMember> known = members(there.stream()
                .filter(number -> member.filter(one -> meet(one, number)).isPresent()));
        if (handed.isEmpty()) {
            return member.map(one -> VpcPlan.sharing(cluster(one), "vpc.lab", LAB, known)
                            .wanted(Underlay.name(node), "eth0", 1500))
                    .orElseGet(NetState::empty);
        }
        return new EniPlan(
                        "vpc.lab",
                        LAB,
                        members(there.stream()),
                        member.map(one ->
                                new EniPlan.Own("eni0", cluster(one), LAB.cidr().host(one), known)),
                        handed)
                .wanted("eth0", 1500);
    }

    private void reach(Set<Integer> there) throws CommandFailed {
        for (int node = 1; node <= 3; node++) {
            LinuxMachine machine = new LinuxMachine(underlay.network(node));
            NetState wanted = wanted(node, there);
            assertThat(new PlanRunner(machine).run(NetPlanner.plan(machine.observe(), wanted)))
                    .isInstanceOf(PlanOutcome.Done.class);
            assertThat(NetPlanner.plan(machine.observe(), wanted)).isEmpty();
            for (int number : there) {
                if (!MEMBERS.contains(number) && node(number) == node) {
                    assertThat(machine.handOver(link(number), true)).isEmpty();
                }
            }
        }
    }

    private HandedLink link(int number) {
        return new HandedLink(
                "eth0",
                "eni" + number,
                "vpc.lab",
                Mac.of(LAB.cidr().host(number)),
                1450,
                Underlay.member(LAB, node(number), number).addresses().all().stream()
                        .map(address -> new HandedLink.Placed(address, LAB.prefixOf(address)))
                        .toList(),
                "/run/netns/" + tenant + number);
    }

    private Commands where(int number) {
        return MEMBERS.contains(number)
                ? underlay.node(node(number))
                : NetworkNamespace.named(tenant + number).commands();
    }

    /** Who reaches whom, such as {@code 1>2}. */
    private Set<String> pairs(String network, Set<Integer> there) throws Exception {
        Set<String> pairs = new TreeSet<>();
        List<Callable<String>> pings = new ArrayList<>();
        for (int from : there) {
            for (int to : there) {
                if (from != to) {
                    pings.add(() -> ping(from, network + to) ? from + ">" + to : "");
                }
            }
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> pair : threads.invokeAll(pings)) {
                pairs.add(pair.get());
            }
        }
        pairs.remove("");
        return pairs;
    }

    private boolean ping(int from, String to) throws CommandFailed {
        return where(from).run(Command.of("ping", "-c", "1", "-W", "1", to)).ok();
    }

    private static Set<String> model(Set<Integer> there) {
        Set<String> pairs = new TreeSet<>();
        for (int from : there) {
            for (int to : there) {
                if (from != to && meet(from, to)) {
                    pairs.add(from + ">" + to);
                }
            }
        }
        return pairs;
    }

    @Test
    void whoMustReachWhomDoesAndNobodyElseWhoeverComesAndGoes() throws Exception {
        long seed = Long.getLong("scc.seed", ThreadLocalRandom.current().nextLong());
        Random random = new Random(seed);
        Set<Integer> there = new TreeSet<>(Set.of(1, 2, 3, 4, 5, 6));
        for (int round = 0; round < 4; round++) {
            String told = "-Dscc.seed=" + seed + ", round " + round + ": " + there;
            reach(there);

            assertThat(pairs("172.20.0.", there)).as(told).isEqualTo(model(there));
            assertThat(pairs("fd00:20::", there)).as(told).isEqualTo(model(there));
            for (int turn = 0; turn < 2; turn++) {
                int number = 1 + random.nextInt(6);
                if (!there.remove(number)) {
                    there.add(number);
                }
            }
        }
        reach(Set.of());
        assertThat(underlay.node(1).check(Command.of("ip", "-o", "link"))).doesNotContain("vpc5000", "eni");
        assertThat(underlay.node(1).check(Command.of("nft", "list", "ruleset"))).isEmpty();
    }

    /** A packet is sent every 10 ms meanwhile. */
    @Test
    void enisHaveNoGapWhileTheirNodeLeavesAndJoinsAClusterOfTheirVpc() throws Exception {
        Set<Integer> all = Set.of(1, 2, 3, 4, 6);
        reach(all);
        assertThat(ping(4, "172.20.0.6")).isTrue();
        String device = device();
        Callable<String> sending =
                () -> where(4).run(Command.of("ping", "-i", "0.01", "-c", "200", "-W", "1", "172.20.0.6")
                                .within(Duration.ofSeconds(30)))
                        .output();
        FutureTask<String> sent = new FutureTask<>(sending);
        Thread.ofVirtual().start(sent);

        while (!sent.isDone()) {
            reach(Set.of(2, 3, 4, 6));
            reach(all);
        }

        assertThat(sent.get()).contains(" 0% packet loss");
        assertThat(device()).isEqualTo(device);
        assertThat(ping(1, "172.20.0.4")).isTrue();
    }

    private String device() throws CommandFailed {
        return underlay.node(1).check(Command.of("cat", "/sys/class/net/vpc5000/ifindex"));
    }

    /** Its node is let in for the ENI beside, and has been told nothing of the member. What guards it itself is his to take away. */
    @Test
    void rootOnAnotherClustersNodeDoesNotReachAMemberForAllHeProgramsByHand() throws Exception {
        Set<Integer> all = Set.of(1, 3, 4);
        reach(all);
        assertThat(ping(3, "172.20.0.4")).isTrue();
        String mac = Mac.of(LAB.cidr().host(1)).value();
        for (List<String> argv : List.of(
                List.of("nft", "flush", "ruleset"),
                List.of(
                        "bridge",
                        "fdb",
                        "replace",
                        mac,
                        "dev",
                        "vpc5000",
                        "dst",
                        Underlay.address(1).toString()),
                List.of("ip", "neigh", "replace", "172.20.0.1", "lladdr", mac, "dev", "eni0"))) {
            underlay.node(3).check(Command.of(argv));
        }
        underlay.node(1)
                .check(Command.of(
                        "ip",
                        "neigh",
                        "replace",
                        "172.20.0.3",
                        "lladdr",
                        Mac.of(LAB.cidr().host(3)).value(),
                        "dev",
                        "eni0"));

        assertThat(ping(3, "172.20.0.1")).isFalse();
        underlay.node(1).check(Command.of("nft", "delete", "table", "netdev", "scc_netdev_vpc5000"));
        await().until(() -> ping(3, "172.20.0.1"));
    }
}
