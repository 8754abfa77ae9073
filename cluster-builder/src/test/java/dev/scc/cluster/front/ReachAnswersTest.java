package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.view.ReachView;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.NodeEnis;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.Traffic;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReachAnswersTest {
    private static final VpcName LAB = new VpcName("lab");
    private static final VpcName OTHER = new VpcName("other");
    private static final GroupName WEB = new GroupName("web");
    private static final Optional<Principal> ADA = Optional.of(new Principal(Role.USER, "ada"));

    /** In lab: clusters a (n1, n2) and b (n3), an open ENI on n4 and one in group web on n5; in another VPC an ENI on n6. */
    private static World world() {
        NavigableMap<String, Held<Holding>> lab = new TreeMap<>();
        lab.put("cluster-1", held(holding("cluster a", List.of(), 1, 2)));
        lab.put("cluster-2", held(holding("cluster b", List.of(), 3)));
        lab.put("eni-00000004", held(holding("ENI eni-00000004", List.of(), 4)));
        lab.put("eni-00000005", held(holding("ENI eni-00000005", List.of(WEB), 5)));
        NavigableMap<String, Held<Holding>> other = new TreeMap<>();
        other.put("eni-00000006", held(holding("ENI eni-00000006", List.of(), 6)));
        List<GroupRule> rules =
                List.of(GroupRule.parse("in tcp/80 172.20.0.0/24"), GroupRule.parse("out udp/53 sg:web"));
        return new World(
                new TreeMap<>(),
                new TreeMap<>(),
                new Held<>(Pools.empty(), 0),
                new TreeMap<>(Map.of(LAB, vpc(LAB, 5_000, lab), OTHER, vpc(OTHER, 5_001, other))),
                new TreeMap<>(),
                new TreeMap<>(Map.of(WEB, held(new GroupRecord(WEB, LAB, rules, ADA, 0)))),
                Map.of());
    }

    private static Vpc vpc(VpcName name, int vni, NavigableMap<String, Held<Holding>> holdings) {
        return new Vpc(held(new VpcRecord(name, new Vni(vni), Cidr.parse("172.20.0.0/24"), 1_450, ADA, 0)), holdings);
    }

    private static Holding holding(String who, List<GroupName> groups, int... nodes) {
        return new Holding(
                who,
                Arrays.stream(nodes)
                        .mapToObj(node -> new VpcMember(
                                new NodeName("n" + node),
                                Ipv4.parse("10.99.0.0").plus(node),
                                Ipv4.parse("172.20.0.0").plus(node)))
                        .toList(),
                groups);
    }

    private static <T> Held<T> held(T value) {
        return new Held<>(value, 0);
    }

    private static ReachView explain(String from, String to, String what) throws RpcFailed {
        return new ReachAnswers(world(), List.of()).explain(from, to, Traffic.parse(what), Optional.empty());
    }

    @Test
    void aRuleThatAllowsIsNamedWithItsGroupAndOwner() throws RpcFailed {
        ReachView reach = explain("n1", "eni-00000005", "tcp/80");

        assertThat(reach.allowed()).isTrue();
        assertThat(reach.rule()).isEqualTo("in tcp/80 172.20.0.0/24");
        assertThat(reach.number()).isEqualTo(1);
        assertThat(reach.group()).isEqualTo("web");
        assertThat(reach.owner()).isEqualTo("user:ada");
        assertThat(reach.from()).isEqualTo("cluster a (172.20.0.1 on n1)");
    }

    @Test
    void whereNoRuleAllowsItTheGroupsAreNamed() throws RpcFailed {
        ReachView in = explain("172.20.0.4", "n5", "tcp/22");
        assertThat(in.allowed()).isFalse();
        assertThat(in.direction()).isEqualTo("in");
        assertThat(in.group()).isEqualTo("web");
        assertThat(in.why()).contains("no rule of web").contains("lets tcp/22 in from 172.20.0.4");

        ReachView out = explain("n5", "n4", "udp/53");
        assertThat(out.allowed()).isFalse();
        assertThat(out.direction()).isEqualTo("out");
        assertThat(out.owner()).isEqualTo("user:ada");
    }

    @Test
    void withoutGroupsEverybodyOfTheVpcIsLetInButClustersDoNotKnowEachOther() throws RpcFailed {
        assertThat(explain("n1", "n2", "tcp/22").allowed()).isTrue();
        assertThat(explain("n3", "n4", "icmp").allowed()).isTrue();
        assertThat(explain("n4", "n3", "icmp").allowed()).isTrue();

        ReachView clusters = explain("n1", "n3", "tcp/22");
        assertThat(clusters.allowed()).isFalse();
        assertThat(clusters.why()).contains("cluster a and cluster b are different clusters");

        ReachView vpcs = explain("n1", "n6", "tcp/22");
        assertThat(vpcs.allowed()).isFalse();
        assertThat(vpcs.why()).isEqualTo("n1 is in VPC lab, and n6 in other: no VPC has both");
    }

    @Test
    void whatCannotBeSaidIsRefusedWithTheReason() {
        assertRefused("n9", "tcp/22", "n9 is no ENI, node or address in a VPC");
        assertRefused("n4", "tcp", "does not say exactly what is begun");
        assertRefused("n4", "tcp/1-9", "does not say exactly what is begun");
        assertRefused("n4", "any", "does not say exactly what is begun");
        assertRefused("n1", "tcp/22", "n1 and n1 are the same");
    }

    private static final ClusterName OWN = new ClusterName("own");
    private static final ClusterName JOINED = new ClusterName("joined");

    /** Beside them cluster own (n7, n8), which has a VPC of its own, and cluster joined (n9), which is in lab. */
    private static World withClusters() {
        World world = world();
        return new World(
                world.nodes(),
                new TreeMap<>(Map.of(
                        OWN,
                        held(ClusterRecord.begun(ClusterSpec.of("own", 2), 70, nodes(7, 8), 0, "r1")),
                        JOINED,
                        held(ClusterRecord.begun(ClusterSpec.of("joined", 1).withVpc("lab"), 71, nodes(9), 0, "r2")))),
                new Held<>(
                        new Pools(Map.of(
                                70,
                                new Pools.Taken(OWN, "own", Cidr.parse("172.16.0.0/24"), Cidr.parse("10.70.0.0/24")))),
                        0),
                world.vpcs(),
                world.enis(),
                world.groups(),
                Map.of());
    }

    private static List<NodeName> nodes(int... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number -> new NodeName("n" + number))
                .toList();
    }

    /** A roster may have ten thousand members. */
    @Test
    void onlyRostersOfClustersThatOneEndMayBeInAreRead() {
        assertThat(ReachAnswers.clusters(withClusters(), "n8", "n4")).containsExactly(OWN);
        assertThat(ReachAnswers.clusters(withClusters(), "n4", "n7")).containsExactly(OWN);
        assertThat(ReachAnswers.clusters(withClusters(), "172.16.0.9", "n4")).containsExactly(OWN);
        assertThat(ReachAnswers.clusters(withClusters(), "n4", "172.16.0.9")).containsExactly(OWN);
        assertThat(ReachAnswers.clusters(withClusters(), "172.20.0.1", "eni-00000004"))
                .isEmpty();
        // What is in a VPC that lives by itself is known without.
        assertThat(ReachAnswers.clusters(withClusters(), "n9", "n9")).isEmpty();
    }

    @Test
    void membersOfAVpcOfTheirOwnReachEachOther() throws RpcFailed {
        Roster roster = new Roster(
                OWN,
                1,
                1,
                VpcNetwork.of("own", new Vni(70), Cidr.parse("172.16.0.0/24")),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/24")),
                List.of(member(7), member(8)));
        ReachAnswers answers = new ReachAnswers(withClusters(), List.of(roster));

        ReachView reach = answers.explain("n7", "172.16.0.8", Traffic.parse("tcp/22"), Optional.empty());
        assertThat(reach.allowed()).isTrue();
        assertThat(reach.vpc()).isEqualTo("own");
        assertThat(reach.from()).contains("cluster own").contains("172.16.0.7 on n7");
        assertThat(reach.rule()).isEmpty();

        assertThatThrownBy(() -> answers.explain("n7", "n8", Traffic.parse("tcp/22"), Optional.of("lab")))
                .isInstanceOf(RpcFailed.class)
                .hasMessageContaining("n7 is no ENI, node or address in VPC lab");
    }

    private static Member member(int number) {
        Ipv4 underlay = Ipv4.parse("10.99.0.0").plus(number);
        return new Member(
                new NodeName("n" + number),
                underlay,
                underlay + ":7070",
                Ipv4.parse("172.16.0.0").plus(number),
                Ipv4.parse("10.70.0.0").plus(number),
                "rxe0",
                "eth1");
    }

    private static void assertRefused(String to, String what, String why) {
        assertThatThrownBy(() -> explain("n1", to, what))
                .isInstanceOf(RpcFailed.class)
                .hasMessageContaining(why);
    }

    /** A node with an ENI of its own and one that a container has, in the same VPC. */
    @Test
    void aNodesNameIsFirstOfAllItsOwnEni() throws RpcFailed {
        NodeName n4 = new NodeName("n4");
        NavigableMap<String, Held<Holding>> holdings = new TreeMap<>();
        holdings.put("eni-00000001", held(holding("ENI eni-00000001", List.of(), 1)));
        holdings.put("eni-00000004", held(holding("ENI eni-00000004", List.of(), 4)));
        VpcMember own = new VpcMember(n4, Ipv4.parse("10.99.0.4"), Ipv4.parse("172.20.0.9"));
        holdings.put("eni-00000009", held(new Holding("ENI eni-00000009", List.of(own), List.of())));
        List<Plug> plugs = List.of(
                plug("eni-00000004", "172.20.0.4", 1, Optional.of(new NamespaceFile("/run/netns/c"))),
                plug("eni-00000009", "172.20.0.9", 2, Optional.empty()));
        World world = new World(
                new TreeMap<>(),
                new TreeMap<>(),
                new Held<>(Pools.empty(), 0),
                new TreeMap<>(Map.of(LAB, vpc(LAB, 5_000, holdings))),
                new TreeMap<>(Map.of(n4, new NodeEnis(held(new NodePlugs(plugs)), Optional.empty()))),
                new TreeMap<>(),
                Map.of());

        ReachView reach =
                new ReachAnswers(world, List.of()).explain("n4", "n1", Traffic.parse("tcp/22"), Optional.empty());

        assertThat(reach.from()).isEqualTo("eni-00000009 (172.20.0.9 on n4)");
    }

    private static Plug plug(String eni, String address, int slot, Optional<EniPlace> place) {
        return new Plug(
                new EniId(eni),
                new VpcNetwork("lab", new Vni(5_000), Cidr.parse("172.20.0.0/24"), Optional.of(1_450)),
                Ipv4.parse(address),
                slot,
                Plug.Phase.ATTACHED,
                Optional.empty(),
                Optional.empty(),
                place);
    }

    private static final GroupName DNS = new GroupName("dns");

    private static VpcMember at(int node, String address, String... more) {
        return new VpcMember(
                new NodeName("n" + node),
                Ipv4.parse("10.99.0.0").plus(node),
                Ipv4.parse(address),
                Arrays.stream(more).map(Ip::parse).toList());
    }

    private static Held<Holding> eni(VpcMember member, GroupName... groups) {
        return held(new Holding("an ENI", List.of(member), List.of(groups)));
    }

    /**
     * In lab: two ENIs in group dns on n1 and n2, two of n3 with IPv4 and IPv6, and ENIs of n4 and n5; in other ENIs of n4, and in
     * zoo of n5.
     */
    private static World severalVpcs() {
        VpcName zoo = new VpcName("zoo");
        NavigableMap<String, Held<Holding>> lab = new TreeMap<>();
        lab.put("eni-00000001", eni(at(1, "172.20.0.1"), DNS));
        lab.put("eni-00000002", eni(at(2, "172.20.0.2"), DNS));
        lab.put("eni-00000003", eni(at(3, "172.20.0.3", "fd00::3")));
        lab.put("eni-00000004", eni(at(4, "172.20.0.4")));
        lab.put("eni-00000005", eni(at(5, "172.20.0.5")));
        lab.put("eni-00000033", eni(at(3, "172.20.0.33", "fd00::33")));
        NavigableMap<String, Held<Holding>> other = new TreeMap<>();
        other.put("eni-00000014", eni(at(4, "172.20.0.14")));
        NavigableMap<String, Held<Holding>> zoos = new TreeMap<>();
        zoos.put("eni-00000015", eni(at(5, "172.20.0.15")));
        List<GroupRule> rules = List.of(GroupRule.parse("in udp/53 sg:dns"), GroupRule.parse("out udp/53 sg:dns"));
        return new World(
                new TreeMap<>(),
                new TreeMap<>(),
                new Held<>(Pools.empty(), 0),
                new TreeMap<>(
                        Map.of(LAB, vpc(LAB, 5_000, lab), OTHER, vpc(OTHER, 5_001, other), zoo, vpc(zoo, 5_002, zoos))),
                new TreeMap<>(),
                new TreeMap<>(Map.of(DNS, held(new GroupRecord(DNS, LAB, rules, ADA, 0)))),
                Map.of());
    }

    private static ReachView among(String from, String to, String what, Optional<String> vpc) throws RpcFailed {
        return new ReachAnswers(severalVpcs(), List.of()).explain(from, to, Traffic.parse(what), vpc);
    }

    private static ReachView among(String from, String to, String what) throws RpcFailed {
        return among(from, to, what, Optional.empty());
    }

    @Test
    void aRuleAboutAGroupIsAboutAllThatAreInIt() throws RpcFailed {
        assertThat(among("n1", "n2", "udp/53").allowed()).isTrue();
        assertThat(among("n2", "n1", "udp/53").rule()).isEqualTo("in udp/53 sg:dns");
        assertThat(among("n4", "n1", "udp/53").allowed()).isFalse();
    }

    @Test
    void addressesOfTheSameVersionOfIpReachEachOther() throws RpcFailed {
        ReachView ping = among("eni-00000003", "eni-00000033", "icmpv6");
        assertThat(ping.allowed()).isTrue();
        assertThat(ping.from()).isEqualTo("eni-00000003 (fd00::3 on n3)");
        assertThat(ping.to()).isEqualTo("eni-00000033 (fd00::33 on n3)");
        assertThat(among("fd00::3", "n3", "tcp/22").to()).isEqualTo("eni-00000033 (fd00::33 on n3)");
    }

    @Test
    void twoAddressesOfOneEniAreTheSameEnd() {
        assertThatThrownBy(() -> among("172.20.0.3", "eni-00000003", "tcp/22"))
                .hasMessage("172.20.0.3 and eni-00000003 are the same");
    }

    @Test
    void withoutAddressesOfOneVersionOfIpThatIsSaidWhicheverVpcsElseTheyAreIn() {
        for (List<String> ends : List.of(List.of("n4", "n5"), List.of("n5", "n4"))) {
            assertThatThrownBy(() -> among(ends.getFirst(), ends.getLast(), "icmpv6"))
                    .hasMessage(ends.getFirst() + " and " + ends.getLast()
                            + " are in one VPC, and have no addresses there of one version of IP that icmpv6 is of");
        }
    }

    @Test
    void whereNoVpcHasBothAllVpcsOfEachAreNamed() throws RpcFailed {
        assertThat(among("n4", "eni-00000015", "tcp/22").why())
                .isEqualTo("n4 is in VPC lab, other, and eni-00000015 in zoo: no VPC has both");
    }

    @Test
    void ofANodeInSeveralVpcsItsAddressInTheOneThatIsAskedForIsMeant() throws RpcFailed {
        assertThat(among("n4", "n5", "tcp/22", Optional.of("lab")).vpc()).isEqualTo("lab");
        assertThatThrownBy(() -> among("n4", "n5", "tcp/22", Optional.of("zoo")))
                .hasMessageContaining("n4 is no ENI, node or address in VPC zoo");
    }

    private static Roster roster(ClusterName cluster, int number, String vpc, String address) {
        VpcMember at = at(7, address);
        return new Roster(
                cluster,
                1,
                1,
                VpcNetwork.of(cluster.value(), new Vni(number), Cidr.parse(vpc)),
                Segment.of(new VlanId(number), Cidr.parse("10.70.0.0/24")),
                List.of(new Member(
                        at.node(), at.underlay(), "a:7070", at.address(), Ipv4.parse("10.70.0.7"), "rxe0", "eth1")));
    }

    /** It has left the one cluster, and its roster is there still. */
    @Test
    void addressesOfANodeInTheVpcsOfTwoClustersAreNotTheSame() throws RpcFailed {
        ReachAnswers answers = new ReachAnswers(
                withClusters(),
                List.of(
                        roster(OWN, 70, "172.16.0.0/24", "172.16.0.7"),
                        roster(new ClusterName("left"), 72, "172.17.0.0/24", "172.17.0.7")));

        assertThat(answers.explain("172.16.0.7", "172.17.0.7", Traffic.parse("tcp/22"), Optional.empty())
                        .why())
                .contains("no VPC has both");
    }

    @Test
    void theOnlyClusterThatThereIsIsLookedAt() {
        World world = withClusters();
        World alone = new World(
                world.nodes(),
                new TreeMap<>(
                        Map.of(OWN, Objects.requireNonNull(world.clusters().get(OWN)))),
                world.pools(),
                world.vpcs(),
                world.enis(),
                world.groups(),
                Map.of());

        assertThat(ReachAnswers.clusters(alone, "n7", "n4")).containsExactly(OWN);
    }

    @Test
    void aNodesNameIsItsAddressInItsClusterAsMuchAsItsOwnEni() throws RpcFailed {
        NavigableMap<String, Held<Holding>> holdings = new TreeMap<>();
        holdings.put("cluster-1", held(new Holding("cluster a", List.of(at(4, "172.20.0.44")), List.of())));
        holdings.put("eni-00000001", eni(at(1, "172.20.0.1")));
        holdings.put("eni-00000004", eni(at(4, "172.20.0.4")));
        World world = new World(
                new TreeMap<>(),
                new TreeMap<>(),
                new Held<>(Pools.empty(), 0),
                new TreeMap<>(Map.of(LAB, vpc(LAB, 5_000, holdings))),
                new TreeMap<>(),
                new TreeMap<>(),
                Map.of());

        assertThat(new ReachAnswers(world, List.of())
                        .explain("n4", "n1", Traffic.parse("tcp/22"), Optional.empty())
                        .from())
                .isEqualTo("cluster a (172.20.0.44 on n4)");
    }
}
