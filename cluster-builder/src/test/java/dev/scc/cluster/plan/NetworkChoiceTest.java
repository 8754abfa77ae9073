package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Roster;
import dev.scc.cluster.plan.CreatePlanner.Plan;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which networks clusters get, beside what their nodes have to go on reaching and what these carry. */
class NetworkChoiceTest {
    private static Node free(int number) {
        return Worlds.node(number, new Assignment.Free(1, 0), true);
    }

    private static Plan plan(ClusterSpec spec, Node... nodes) {
        return CreatePlanner.plan(spec, Optional.empty(), "r1", Worlds.of(nodes), 5, 1000);
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

    private static ClusterSpec cidrs(int nodes, String vpc, String rdma) {
        return ClusterSpec.of("demo", nodes)
                .withCidrs(
                        vpc.isEmpty() ? Optional.empty() : Optional.of(Cidr.parse(vpc)),
                        rdma.isEmpty() ? Optional.empty() : Optional.of(Cidr.parse(rdma)));
    }

    @Test
    void aNetworkThatWouldCoverARouteOfAMemberIsNotChosen() {
        Roster roster = built(plan(ClusterSpec.of("demo", 2), free(1), Worlds.needing(free(2), "172.16.0.5/32")));

        assertThat(roster.vpc().cidr()).hasToString("172.16.16.0/20");
    }

    /** 10.256 is none. */
    @Test
    void aNumberThatIsNoByteGetsASegmentFromTheSamePool() {
        Pools pools = Pools.empty();
        for (int number = Pools.FIRST; number < 256; number++) {
            pools = pools.with(
                    number,
                    new Pools.Taken(
                            new ClusterName("c" + number),
                            "c" + number,
                            Cidr.parse("100.64." + number + ".0/24"),
                            Cidr.parse("10." + number + ".0.0/24")));
        }
        World world = new World(Worlds.of(free(1), free(2)).nodes(), new TreeMap<>(), new Held<>(pools, 0));

        Roster roster = built(CreatePlanner.plan(ClusterSpec.of("demo", 2), Optional.empty(), "r1", world, 5, 1000));

        assertThat(roster.segment().vlan()).hasToString("256");
        assertThat(Cidr.parse("10.0.0.0/8").overlaps(roster.segment().cidr())).isTrue();
    }

    @Test
    void whereAllOfTheUsualNetworksAreRoutedElsewhereOthersAreTaken() {
        Roster roster = built(plan(
                ClusterSpec.of("demo", 2),
                Worlds.needing(free(1), "172.16.0.0/12"),
                Worlds.needing(free(2), "10.0.0.0/8")));

        assertThat(roster.vpc().cidr()).hasToString("192.168.0.0/20");
        assertThat(roster.segment().cidr()).hasToString("192.168.16.0/24");
    }

    @Test
    void byDefaultNodesThatAreNoMembersYetAreThoughtOf() {
        Roster roster =
                built(plan(ClusterSpec.of("demo", 2), free(1), free(2), Worlds.needing(free(3), "172.16.0.0/16")));

        assertThat(roster.vpc().cidr()).hasToString("172.17.0.0/20");
    }

    @Test
    void whereThatLeavesNothingTheMembersAloneCount() {
        Node full = Worlds.needing(Worlds.needing(Worlds.needing(free(3), "0.0.0.0/2"), "64.0.0.0/2"), "128.0.0.0/1");
        Roster roster = built(plan(ClusterSpec.of("demo", 2), free(1), free(2), full));

        assertThat(roster.vpc().cidr()).hasToString("172.16.0.0/20");
        assertRefused(
                plan(ClusterSpec.of("demo", 3), free(1), free(2), full),
                Refusal.ADDRESSES,
                "no network with prefix /20 is free",
                "the largest of them 128.0.0.0/1");
    }

    @Test
    void aNetworkThatWasAskedForIsRefusedWithTheNodeAndItsRoute() {
        Node routed = Worlds.needing(free(2), "172.16.0.0/12");

        assertRefused(
                plan(cidrs(2, "172.20.0.0/16", ""), free(1), routed),
                Refusal.ADDRESSES,
                "--vpc-cidr 172.20.0.0/16 overlaps 172.16.0.0/12 (its route via 10.99.0.1 on eth0) of node n2");
        assertRefused(
                plan(cidrs(2, "", "172.20.0.0/16"), free(1), routed),
                Refusal.ADDRESSES,
                "--rdma-cidr 172.20.0.0/16 overlaps 172.16.0.0/12 (its route via 10.99.0.1 on eth0) of node n2");
        assertThat(DryRun.create(cidrs(2, "172.20.0.0/16", ""), new Asker.Unproven(), Worlds.of(free(1), routed)))
                .isInstanceOfSatisfying(
                        DryRun.Impossible.class,
                        refused -> assertThat(refused.why()).contains("of node n2"));
    }

    @Test
    void theAddressOfAnyNodesAgentIsLeftAlone() {
        assertRefused(
                plan(cidrs(1, "10.99.1.0/24", ""), free(1), free(205)),
                Refusal.ADDRESSES,
                "overlaps 10.99.1.15, the address of node n205");
    }

    @Test
    void networksInWhichNoHostsCanBeAreRefusedWithTheReason() {
        for (String special : List.of("0.0.0.0/8", "127.1.0.0/24", "169.254.0.0/24", "224.0.0.0/24", "240.0.0.0/24")) {
            assertRefused(
                    plan(cidrs(1, special, ""), free(1)), Refusal.ADDRESSES, "--vpc-cidr " + special + " cannot work");
            assertRefused(
                    plan(cidrs(1, "", special), free(1)), Refusal.ADDRESSES, "--rdma-cidr " + special + " cannot work");
        }
    }

    @Test
    void theTwoNetworksOfAClusterDoNotOverlap() {
        assertRefused(
                plan(cidrs(1, "172.20.0.0/24", "172.20.0.0/16"), free(1)),
                Refusal.ADDRESSES,
                "--vpc-cidr 172.20.0.0/24 overlaps the segment's own 172.20.0.0/16");
        assertThat(built(plan(cidrs(1, "10.70.0.0/16", ""), free(1))).segment().cidr())
                .hasToString("10.0.0.0/24");
    }

    @Test
    void aNodeWithARouteIntoTheClustersNetworksCannotJoin() {
        World world = Worlds.of(Worlds.needing(free(1), "172.16.0.0/16"));
        Node node = Worlds.node(world, "n1");

        assertThat(NetworkChoice.obstacle(node, List.of(Cidr.parse("172.16.0.0/20"))))
                .contains("has to reach 172.16.0.0/16 (its route via 10.99.0.1 on eth0), which 172.16.0.0/20 overlaps");
        assertThat(NetworkChoice.obstacle(node, List.of(Cidr.parse("172.17.0.0/20"))))
                .isEmpty();
    }

    @Test
    void aVpcHasTheMtuOfTheSmallestUnderlay() {
        Roster roster = built(plan(
                ClusterSpec.of("demo", 2), Worlds.withMtus(free(1), 9000, 4200), Worlds.withMtus(free(2), 1400, 4200)));

        assertThat(roster.vpc().mtu()).contains(1350);
        assertThat(roster.segment().mtu()).contains(4200);
    }

    @Test
    void aNodeWhoseRdmaInterfaceHasAnotherMtuIsNamed() {
        Node odd = Worlds.withMtus(free(3), 1500, 1500);
        Node one = Worlds.withMtus(free(1), 1500, 4200);
        Node two = Worlds.withMtus(free(2), 1500, 4200);

        assertRefused(
                plan(ClusterSpec.of("demo", 3), one, two, odd),
                Refusal.NOT_ENOUGH_NODES,
                "n3 has MTU 1500 on eth1, and the RDMA interfaces of most others have 4200");
        assertThat(built(plan(ClusterSpec.of("demo", 2), one, two, odd)).members())
                .noneMatch(member -> member.node().value().equals("n3"));
        assertRefused(
                plan(ClusterSpec.of("demo", 1), Worlds.withMtus(free(1), 1500, 300)),
                Refusal.NOT_ENOUGH_NODES,
                "n1 has MTU 300 on eth1, and RDMA needs 352");
    }

    private static VpcNetwork of(int mtu) {
        return new VpcNetwork("lab", new Vni(5000), Cidr.parse("172.20.0.0/24"), Optional.of(mtu));
    }

    @Test
    void aNodeThatCarriesLessThanTheClustersNetworksCannotJoin() {
        Node node = Worlds.withMtus(free(1), 1400, 1500);

        assertThat(Mtus.obstacle(node, Optional.of(of(1450)), Optional.empty()))
                .contains("has MTU 1400 on eth0, and the cluster's VPC needs 1500");
        assertThat(Mtus.obstacle(node, Optional.of(of(1350)), Optional.of(4200)))
                .contains("has MTU 1500 on eth1, and the cluster's segment needs 4200");
        assertThat(Mtus.obstacle(node, Optional.of(of(1350)), Optional.of(1500)))
                .isEmpty();
        assertThat(Mtus.obstacle(node, Optional.empty(), Optional.empty())).isEmpty();
    }

    private static World afterwards(World world, Plan plan) {
        return Worlds.after(
                world,
                assertThat(plan).asInstanceOf(type(Plan.Build.class)).actual().changes());
    }

    @Test
    void aVpcOfAnotherClusterIsNotShared() {
        World world = Worlds.of(free(1), free(2));
        World taken = afterwards(
                world, CreatePlanner.plan(ClusterSpec.of("demo", 1), Optional.empty(), "r1", world, 5, 1000));

        assertRefused(
                CreatePlanner.plan(ClusterSpec.of("other", 1).withVpc("demo"), Optional.empty(), "r2", taken, 5, 1000),
                Refusal.ADDRESSES,
                "VPC demo belongs to cluster demo, and is not to be shared");
        assertRefused(
                CreatePlanner.plan(ClusterSpec.of("demo", 1), Optional.empty(), "r2", taken, 5, 1000),
                Refusal.NAME_TAKEN,
                "there is a cluster demo already");
    }

    @Test
    void aClusterWhoseEntryCannotBeReadKeepsItsName() {
        World world = Worlds.of(free(1));
        World hidden = new World(
                world.nodes(),
                world.clusters(),
                world.pools(),
                world.vpcs(),
                world.enis(),
                world.groups(),
                Map.of(Paths.cluster(new ClusterName("demo")), "is nonsense"));

        assertRefused(
                CreatePlanner.plan(ClusterSpec.of("demo", 1), Optional.empty(), "r1", hidden, 5, 1000),
                Refusal.DOES_NOT_FIT,
                "cannot be read; choose another name");
    }

    /** Whoever needs more addresses than usual networks have gets larger ones. */
    @Test
    void networksAreLargeEnoughForAllMembers() {
        for (int nodes : List.of(254, 255)) {
            Roster roster = built(CreatePlanner.plan(
                    ClusterSpec.of("demo", nodes), Optional.empty(), "r1", Worlds.free(nodes), 5, 1000));

            assertThat(roster.vpc().cidr()).hasToString("172.16.0.0/20");
            assertThat(roster.segment().cidr()).hasToString(nodes == 254 ? "10.70.0.0/24" : "10.70.0.0/23");
        }
        assertRefused(
                plan(cidrs(3, "172.20.0.0/30", ""), free(1), free(2), free(3)),
                Refusal.ADDRESSES,
                "--vpc-cidr 172.20.0.0/30 is too small: it has 2 host addresses, and 3 are needed");
        assertThat(built(plan(cidrs(2, "172.20.0.0/30", "172.21.0.0/30"), free(1), free(2)))
                        .vpc()
                        .cidr())
                .hasToString("172.20.0.0/30");
    }

    @Test
    void theSegmentThatWasAskedForIsLeftOutWhereTheVpcIsChosen() {
        Roster roster = built(plan(cidrs(1, "", "172.16.0.0/16"), free(1)));

        assertThat(roster.vpc().cidr()).hasToString("172.17.0.0/20");
        assertThat(roster.segment().cidr()).hasToString("172.16.0.0/16");
    }

    private static World taken(String vpc, String segment) {
        Pools pools = Pools.empty()
                .with(71, new Pools.Taken(new ClusterName("other"), "other", Cidr.parse(vpc), Cidr.parse(segment)));
        return new World(Worlds.of(free(1), free(2)).nodes(), new TreeMap<>(), new Held<>(pools, 0));
    }

    @Test
    void whatAnotherClusterHasIsNotTakenAgain() {
        assertRefused(
                CreatePlanner.plan(
                        cidrs(1, "", "10.71.0.128/25"),
                        Optional.empty(),
                        "r1",
                        taken("172.16.0.0/20", "10.71.0.0/24"),
                        5,
                        1000),
                Refusal.ADDRESSES,
                "--rdma-cidr 10.71.0.128/25 overlaps 10.71.0.0/24, the segment of cluster other");

        Roster roster = built(CreatePlanner.plan(
                ClusterSpec.of("demo", 1), Optional.empty(), "r1", taken("10.70.0.0/24", "172.16.0.0/24"), 5, 1000));
        assertThat(roster.vpc().cidr()).hasToString("172.16.16.0/20");
        assertThat(roster.segment().vlan()).hasToString("70");
        assertThat(roster.segment().cidr()).hasToString("10.0.0.0/24");
    }
}
