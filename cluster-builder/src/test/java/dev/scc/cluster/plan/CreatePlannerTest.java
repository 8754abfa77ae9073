package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Member;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Roster;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.ClusterChange;
import dev.scc.cluster.change.NodeChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.plan.CreatePlanner.Plan;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.NodeState;
import dev.scc.cluster.world.World;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CreatePlannerTest {
    private static Plan plan(ClusterSpec spec, World world) {
        return CreatePlanner.plan(spec, Optional.empty(), "r1", world, 5, 1000);
    }

    private static Roster built(Plan plan) {
        return assertThat(plan).asInstanceOf(type(Plan.Build.class)).actual().roster();
    }

    private static void assertRefused(Plan plan, Refusal reason, String... words) {
        assertThat(plan).asInstanceOf(type(Plan.Refuse.class)).satisfies(refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.why()).contains(words);
        });
    }

    @Test
    void theFirstClusterHasTheNetworksOfTheExample() {
        Roster roster = built(plan(ClusterSpec.of("demo", 3), Worlds.free(3)));

        assertThat(roster.vpc().vni().value()).isEqualTo(70);
        assertThat(roster.segment().vlan().value()).isEqualTo(70);
        assertThat(roster.vpc().cidr()).hasToString("172.16.0.0/20");
        assertThat(roster.segment().cidr()).hasToString("10.70.0.0/24");
        assertThat(roster.members().getFirst().vpcAddress()).hasToString("172.16.0.1");
        assertThat(roster.members().getLast().rdmaAddress()).hasToString("10.70.0.3");
        assertThat(roster.epoch()).isEqualTo(5);
    }

    @Test
    void nodesAreTakenInTheOrderOfTheirNumbers() {
        Roster roster = built(plan(ClusterSpec.of("demo", 11), Worlds.free(12)));

        assertThat(roster.members())
                .extracting(Member::node)
                .extracting(NodeName::value)
                .startsWith("n1", "n2")
                .endsWith("n10", "n11");
    }

    @Test
    void whatOneNodeNeedsDoesNotKeepTheOthersFromBeingACluster() {
        Node greedy = Worlds.needing(
                Worlds.needing(Worlds.node(1, new Assignment.Free(1, 0), true), "0.0.0.0/1"), "128.0.0.0/1");
        World world = Worlds.of(
                greedy,
                Worlds.node(2, new Assignment.Free(1, 0), true),
                Worlds.node(3, new Assignment.Free(1, 0), true));

        assertThat(built(plan(ClusterSpec.of("demo", 2), world)).members())
                .extracting(Member::node)
                .extracting(NodeName::value)
                .containsExactly("n2", "n3");
        assertRefused(plan(ClusterSpec.of("demo", 3), world), Refusal.ADDRESSES, "no network with prefix /20 is free");
    }

    @Test
    void eachUnsuitableNodeIsNamedWithItsReason() {
        World world = Worlds.of(
                Worlds.node(1, new Assignment.Serve(1, new ClusterName("other"), 1, 70), true),
                Worlds.node(2, new Assignment.Free(1, 0), false),
                Worlds.cordoned(Worlds.node(3, new Assignment.Free(1, 0), true)),
                Worlds.withPortState(Worlds.node(4, new Assignment.Free(1, 0), true), "DOWN"),
                Worlds.withoutRdma(Worlds.node(5, new Assignment.Free(1, 0), true)),
                Worlds.node(6, new Assignment.Leave(1, new ClusterName("old"), 71), true),
                Worlds.node(7, new Assignment.Free(1, 0), true));

        assertRefused(
                plan(ClusterSpec.of("demo", 3), world),
                Refusal.NOT_ENOUGH_NODES,
                "3 wanted, 1 of 7 suitable",
                "n1 is in cluster other",
                "n2 is lost",
                "n3 is cordoned",
                "n4 has its RDMA device rxe0 in state DOWN",
                "n5 has no RDMA device on eth1",
                "n6 is dirty");
    }

    @Test
    void whereOnlyRdmaIsMissingTheRefusalSaysSo() {
        World world = Worlds.of(
                Worlds.node(1, new Assignment.Free(1, 0), true),
                Worlds.withoutRdma(Worlds.node(2, new Assignment.Free(1, 0), true)));

        assertRefused(
                plan(ClusterSpec.of("demo", 2), world),
                Refusal.NO_RDMA,
                "2 wanted, 1 of 2 suitable",
                "n2 has no RDMA device on eth1");
        assertRefused(plan(ClusterSpec.of("demo", 3), world), Refusal.NOT_ENOUGH_NODES, "3 wanted");
    }

    @Test
    void withoutVerificationANodeWithoutRdmaWillDo() {
        World world = Worlds.of(Worlds.withoutRdma(Worlds.node(1, new Assignment.Free(1, 0), true)));

        Roster roster = built(plan(ClusterSpec.of("demo", 1).withVerify(Pattern.OFF), world));

        assertThat(roster.members().getFirst().rdmaDevice()).isEmpty();
    }

    @Test
    void addressRangesThatDoNotFitAreRefused() {
        World world = Worlds.free(3);
        ClusterSpec spec = ClusterSpec.of("demo", 3);

        assertRefused(
                plan(cidrs(spec, "172.16.0.0/31", ""), world),
                Refusal.ADDRESSES,
                "--vpc-cidr",
                "too small",
                "3 are needed");
        assertRefused(plan(cidrs(spec, "", "10.1.0.0/31"), world), Refusal.ADDRESSES, "--rdma-cidr", "too small");
        assertRefused(
                plan(cidrs(spec, "10.99.0.0/16", ""), world),
                Refusal.ADDRESSES,
                "overlaps 10.99.0.11/24 on eth0 of node n1");
        assertRefused(
                plan(cidrs(spec, "192.168.0.0/16", "192.168.1.0/24"), world),
                Refusal.ADDRESSES,
                "overlaps the segment's own 192.168.1.0/24");
        Pools pools = Pools.empty()
                .with(
                        70,
                        new Pools.Taken(
                                new ClusterName("other"),
                                "other",
                                Cidr.parse("172.16.0.0/20"),
                                Cidr.parse("10.70.0.0/24")));
        assertRefused(
                plan(
                        cidrs(spec, "172.16.8.0/24", ""),
                        new World(world.nodes(), world.clusters(), new Held<>(pools, 1))),
                Refusal.ADDRESSES,
                "overlaps 172.16.0.0/20, the VPC of cluster other");
    }

    private static ClusterSpec cidrs(ClusterSpec spec, String vpc, String rdma) {
        return spec.withCidrs(
                vpc.isEmpty() ? Optional.empty() : Optional.of(Cidr.parse(vpc)),
                rdma.isEmpty() ? Optional.empty() : Optional.of(Cidr.parse(rdma)));
    }

    /** Never a node twice (P1), never part of the nodes (P3), never a network or an address twice. */
    @Test
    void whateverIsBuiltOverlapsWithNothing() {
        for (int i = 0; i < 200; i++) {
            long seed = 7_000L + i;
            Random random = new Random(seed);
            World world = Worlds.free(40);
            Map<NodeName, ClusterName> given = new TreeMap<>();
            List<Cidr> cidrs = new ArrayList<>();
            Set<Integer> numbers = new HashSet<>();
            for (int c = 0; c < 12; c++) {
                ClusterSpec spec = ClusterSpec.of("c" + c, 1 + random.nextInt(8));
                if (random.nextInt(3) == 0) {
                    spec = cidrs(spec, "172." + (16 + random.nextInt(4)) + "." + 16 * random.nextInt(3) + ".0/20", "");
                }
                Plan plan = plan(spec, world);
                if (plan instanceof Plan.Build build) {
                    Roster roster = build.roster();
                    assertThat(roster.members()).as("seed %d", seed).hasSize(spec.nodes());
                    for (Member member : roster.members()) {
                        assertThat(given.put(member.node(), spec.name()))
                                .as("seed %d", seed)
                                .isNull();
                        assertThat(roster.vpc().cidr().contains(member.vpcAddress()))
                                .isTrue();
                        assertThat(roster.segment().cidr().contains(member.rdmaAddress()))
                                .isTrue();
                    }
                    assertThat(roster.members().stream().map(Member::vpcAddress).distinct())
                            .hasSize(spec.nodes());
                    for (Cidr mine :
                            List.of(roster.vpc().cidr(), roster.segment().cidr())) {
                        assertThat(cidrs).as("seed %d: %s", seed, mine).noneMatch(mine::overlaps);
                        assertThat(mine.contains(Ipv4.parse("10.99.0.11"))).isFalse();
                        cidrs.add(mine);
                    }
                    assertThat(roster.vpc().vni().value())
                            .isEqualTo(roster.segment().vlan().value());
                    assertThat(numbers.add(roster.vpc().vni().value()))
                            .as("seed %d", seed)
                            .isTrue();
                    world = Worlds.after(world, build.changes());
                }
            }
            assertThat(given).as("seed %d", seed).isNotEmpty();
        }
    }

    @Test
    void everyMemberIsAssignedOnConditionOfTheVersionThatWasSeen() {
        World world = Worlds.free(2);

        Plan plan = plan(ClusterSpec.of("demo", 2), world);

        assertThat(plan)
                .asInstanceOf(type(Plan.Build.class))
                .satisfies(build -> assertThat(Worlds.only(NodeChange.Assign.class, build.changes()))
                        .containsExactlyElementsOf(world.nodes().values().stream()
                                .map(node -> new NodeChange.Assign(
                                        node.name(),
                                        node.assignment().version(),
                                        new Assignment.Serve(5, new ClusterName("demo"), 1, 70)))
                                .toList()));
    }

    @Test
    void aClusterRecordIsWrittenAsCreating() {
        Plan plan = plan(ClusterSpec.of("demo", 1), Worlds.free(1));

        List<Change> changes =
                assertThat(plan).asInstanceOf(type(Plan.Build.class)).actual().changes();
        ClusterRecord record =
                Worlds.only(ClusterChange.Begin.class, changes).getFirst().first();
        assertThat(record.phase()).isEqualTo(ClusterPhase.CREATING);
        assertThat(Worlds.only(RequestChange.TakeUp.class, changes))
                .containsExactly(new RequestChange.TakeUp("r1", new Outcome.InProgress(1000)));
        assertThat(record.request()).contains("r1");
        assertThat(record.since()).isEqualTo(1000);
        assertThat(Worlds.free(1).nodes().values()).extracting(Node::state).containsOnly(NodeState.FREE);
    }

    @Test
    void whatSeveralNodesNeedDoesNotKeepTheOthersFromBeingACluster() {
        Node[] nodes = new Node[4];
        for (int number = 1; number <= 4; number++) {
            Node node = Worlds.node(number, new Assignment.Free(1, 0), true);
            nodes[number - 1] = number % 2 == 1 ? Worlds.needing(node, "0.0.0.0/0") : node;
        }

        assertThat(built(plan(ClusterSpec.of("demo", 2), Worlds.of(nodes))).members())
                .extracting(Member::node)
                .extracting(NodeName::value)
                .containsExactly("n2", "n4");
    }
}
