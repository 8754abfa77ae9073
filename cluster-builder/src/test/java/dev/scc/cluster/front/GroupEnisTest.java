package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Pools;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.agent.DropsRpc;
import dev.scc.cluster.plan.Asker;
import dev.scc.cluster.plan.Permission;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.view.GroupPackets;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.NodeEnis;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.host.net.FilterCounts;
import dev.scc.host.net.FilterCounts.Count;
import dev.scc.host.net.FilterCounts.Noted;
import dev.scc.vpc.DropCause;
import dev.scc.vpc.EniFilter;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GroupEnisTest {
    private static final VpcName LAB = new VpcName("lab");
    private static final GroupName WEB = new GroupName("web");
    private static final VpcNetwork NETWORK = VpcNetwork.of("lab", new Vni(5_000), Cidr.parse("172.20.0.0/24"));
    private static final GroupRule HTTP = GroupRule.parse("in tcp/80 172.20.0.0/24");
    private static final GroupRule NAMES = GroupRule.parse("out udp/53 sg:web");
    private static final Principal ADA = new Principal(Role.USER, "ada");
    private static final long NOW = Instant.parse("2026-05-04T10:20:30Z").toEpochMilli();

    /** In lab: an ENI on n1 and one in a namespace on n2, both in group web, and one on n3 in none. */
    private static World world() {
        NavigableMap<String, Held<Holding>> lab = new TreeMap<>();
        NavigableMap<NodeName, NodeEnis> enis = new TreeMap<>();
        for (int number = 1; number <= 3; number++) {
            NodeName node = node(number);
            Ipv4 address = NETWORK.cidr().host(number);
            EniId eni = new EniId("eni-0000000" + number);
            lab.put(
                    eni.value(),
                    held(new Holding(
                            "ENI " + eni,
                            List.of(new VpcMember(node, Ipv4.parse("10.99.0.0").plus(number), address)),
                            number == 3 ? List.of() : List.of(WEB))));
            Plug plug = new Plug(
                    eni,
                    NETWORK,
                    address,
                    1,
                    Plug.Phase.ATTACHED,
                    Optional.empty(),
                    Optional.empty(),
                    number == 2 ? Optional.of(new NamespaceFile("/run/netns/blue")) : Optional.empty());
            enis.put(node, new NodeEnis(held(new NodePlugs(List.of(plug))), Optional.empty()));
        }
        VpcRecord vpc = new VpcRecord(LAB, NETWORK.vni(), NETWORK.cidr(), 1_450, Optional.of(ADA), 0);
        return new World(
                new TreeMap<>(),
                new TreeMap<>(),
                new Held<>(Pools.empty(), 0),
                new TreeMap<>(Map.of(LAB, new Vpc(held(vpc), lab))),
                enis,
                new TreeMap<>(Map.of(WEB, held(group()))),
                Map.of());
    }

    private static GroupRecord group() {
        return new GroupRecord(WEB, LAB, List.of(HTTP, NAMES), Optional.of(ADA), 0);
    }

    private static NodeName node(int number) {
        return new NodeName("n" + number);
    }

    private static <T> Held<T> held(T value) {
        return new Held<>(value, 0);
    }

    private static String counter(GroupRule rule) {
        return EniFilter.counterOf(WEB, rule);
    }

    private static Noted noted(String set, String from, int port, String to, int toPort, long age) {
        return new Noted(
                set,
                Ipv4.parse(from),
                Ipv4.parse(to),
                6,
                Optional.of(new FilterCounts.Ports(port, toPort)),
                age,
                new Count(2, 120));
    }

    private static DropsSearch.Found found() {
        Map<NodeName, DropsRpc.Counted> counted = Map.of(
                node(1),
                new DropsRpc.Counted(
                        Map.of(
                                "scc_eni1",
                                new FilterCounts(
                                        Map.of(
                                                counter(HTTP),
                                                new Count(5, 300),
                                                counter(NAMES),
                                                new Count(1, 60),
                                                "dropped_in",
                                                new Count(2, 120)),
                                        List.of(noted("last_in", "172.20.0.3", 4_000, "172.20.0.1", 22, 1_500)),
                                        false),
                                "scc_vpc5000",
                                new FilterCounts(
                                        Map.of("dropped_forged", new Count(9, 999)),
                                        List.of(noted("last_forged", "10.99.0.3", 5_000, "10.99.0.1", 4_789, 100)),
                                        false)),
                        NOW),
                node(2),
                new DropsRpc.Counted(
                        Map.of(
                                "scc_netdev_eni1",
                                new FilterCounts(
                                        Map.of(
                                                counter(HTTP),
                                                new Count(7, 420),
                                                "dropped_in",
                                                new Count(3, 180),
                                                "dropped_spoofed_out",
                                                new Count(4, 240)),
                                        List.of(
                                                noted("last_in", "172.20.0.3", 4_000, "172.20.0.2", 80, 5_000),
                                                noted("last_unheard_of", "172.20.0.3", 1, "172.20.0.2", 2, 5)),
                                        true)),
                        NOW));
        return new DropsSearch.Found(counted, List.of(new GroupPackets.Unread(node(9), "its agent is gone")));
    }

    @Test
    void tablesAreThoseOfItsEnisWhereTheyAre() {
        assertThat(GroupEnis.of(world(), group()).tables())
                .isEqualTo(Map.of(
                        node(1), List.of("scc_eni1", "scc_vpc5000"),
                        node(2), List.of("scc_netdev_eni1", "scc_vpc5000")));
    }

    @Test
    void countersAreSummedOverNodesByRulesAndCauses() {
        GroupPackets packets = GroupEnis.of(world(), group()).packets(found(), true, true);

        assertThat(packets.rules())
                .containsExactly(
                        new GroupPackets.Rule(1, "in", "tcp/80", "172.20.0.0/24", 12, 720),
                        new GroupPackets.Rule(2, "out", "udp/53", "sg:web", 1, 60));
        assertThat(packets.dropped())
                .filteredOn(cause -> cause.packets() > 0)
                .extracting(cause -> cause.cause() + " " + cause.packets() + " " + cause.bytes())
                .containsExactly("no-rule-in 5 300", "spoofed-out 4 240", "forged 9 999");
        assertThat(packets.unread()).containsExactly(new GroupPackets.Unread(node(9), "its agent is gone"));
        assertThat(packets.more()).isTrue();
    }

    @Test
    void theLatestComeFirstWithTheirTimesAndTheWordsOfExplain() {
        GroupPackets packets = GroupEnis.of(world(), group()).packets(found(), false, true);

        assertThat(packets.rules()).isEmpty();
        assertThat(packets.latest())
                .extracting(drop -> drop.at() + " " + drop.node() + " " + drop.eni() + " " + drop.cause())
                .containsExactly(
                        "2026-05-04T10:20:29.900Z n1 eni-00000001 forged",
                        "2026-05-04T10:20:28.500Z n1 eni-00000001 no-rule-in",
                        "2026-05-04T10:20:25Z n2 eni-00000002 no-rule-in");
        assertThat(packets.latest().getFirst().why()).isEqualTo(DropCause.FORGED.why());
        GroupPackets.Drop drop = packets.latest().get(1);
        assertThat(drop.why())
                .isEqualTo(
                        "no rule of web, which eni-00000001 (172.20.0.1 on n1) is in, lets tcp/22 in from 172.20.0.3");
        assertThat(drop.groups()).containsExactly("web");
        assertThat(List.of(drop.fromPort(), drop.toPort())).containsExactly(4_000, 22);
        // A rule allows it now; it may have been added since.
        assertThat(packets.latest().get(2).why()).contains("before rule 1 of web, in tcp/80 172.20.0.0/24");
    }

    @Test
    void whatIsNotAskedIsNotTold() {
        GroupPackets packets = GroupEnis.of(world(), group()).packets(found(), true, false);

        assertThat(packets.latest()).isEmpty();
        assertThat(packets.more()).isFalse();
        assertThat(packets.rules()).hasSize(2);
    }

    /** Class of hole: who talks with whom, told to those whose network it is not (CWE-200). */
    @Test
    void usersSeeNothingOfTheVpcsOfOthers() {
        assertThat(objection(ADA)).isEmpty();
        assertThat(objection(new Principal(Role.USER, "eve"))).isPresent();
        assertThat(objection(new Principal(Role.VIEWER, "eve"))).isEmpty();
        assertThat(objection(new Principal(Role.OPERATOR, "eve"))).isEmpty();
    }

    private static Optional<String> objection(Principal who) {
        return new Permission(new Asker.Proven(who, Map.of(), Map.of()), world()).objectionToPacketsOf(WEB);
    }

    @Test
    void anAnswerOfAnAgentComesBackFromItsText() {
        DropsRpc.Counted counted = Objects.requireNonNull(found().counted().get(node(2)));

        assertThat(Json.read(Json.write(counted), DropsRpc.Counted.class)).isEqualTo(counted);
    }

    private static GroupPackets packets(List<Noted> latest) {
        return GroupEnis.of(world(), group())
                .packets(
                        new DropsSearch.Found(
                                Map.of(
                                        node(1),
                                        new DropsRpc.Counted(
                                                Map.of("scc_eni1", new FilterCounts(Map.of(), latest, false)), NOW)),
                                List.of()),
                        false,
                        true);
    }

    private static GroupPackets.Drop drop(int protocol, Optional<FilterCounts.Ports> ports) {
        return packets(List.of(new Noted(
                        "last_out",
                        Ipv4.parse("172.20.0.1"),
                        Ipv4.parse("172.20.0.9"),
                        protocol,
                        ports,
                        1,
                        new Count(2, 120))))
                .latest()
                .getFirst();
    }

    @Test
    void whatWasDroppedIsSaidAsRulesSayItOrByItsNumber() {
        Optional<FilterCounts.Ports> ports = Optional.of(new FilterCounts.Ports(4_000, 53));

        assertThat(drop(1, Optional.empty()).what()).isEqualTo("icmp");
        assertThat(drop(58, Optional.empty()).what()).isEqualTo("icmpv6");
        assertThat(drop(6, ports).what()).isEqualTo("tcp/53");
        assertThat(drop(17, ports).what()).isEqualTo("udp/53");
        assertThat(drop(6, Optional.empty()).what()).isEqualTo("tcp");
        assertThat(drop(17, Optional.empty()).what()).isEqualTo("udp");
        assertThat(drop(47, Optional.empty()).what()).isEqualTo("protocol 47");
        for (int protocol : List.of(1, 6, 17, 47, 58)) {
            GroupPackets.Drop drop = drop(protocol, Optional.empty());
            assertThat(drop.why())
                    .isEqualTo("no rule of web, which eni-00000001 (172.20.0.1 on n1) is in, lets " + drop.what()
                            + " out to 172.20.0.9");
            assertThat(List.of(drop.fromPort(), drop.toPort())).containsExactly(0, 0);
        }
        assertThat(drop(17, Optional.of(new FilterCounts.Ports(1, 0))).why()).contains("no rule of web");
    }

    /** The rule about names lets them out to members of the group. */
    @Test
    void ofWhatGoesOutTheRulesAboutItsDestinationAreNamed() {
        GroupPackets.Drop drop = packets(List.of(noted("last_out", "172.20.0.1", 4_000, "172.20.0.2", 53, 1)))
                .latest()
                .getFirst();
        assertThat(drop.why()).contains("no rule of web", "tcp/53 out to 172.20.0.2");

        GroupPackets.Drop named = packets(List.of(new Noted(
                        "last_out",
                        Ipv4.parse("172.20.0.1"),
                        Ipv4.parse("172.20.0.2"),
                        17,
                        Optional.of(new FilterCounts.Ports(4_000, 53)),
                        1,
                        new Count(1, 60))))
                .latest()
                .getFirst();
        assertThat(named.why()).contains("before rule 2 of web, out udp/53 sg:web");
        assertThat(named.direction()).isEqualTo("out");
    }

    @Test
    void theLatestAreSoManyAndThatThereAreMoreIsSaid() {
        List<Noted> noted = new ArrayList<>();
        for (int age = 1; age <= GroupEnis.MOST_LATEST; age++) {
            noted.add(noted("last_in", "172.20.0.3", age, "172.20.0.1", 22, age));
        }
        assertThat(packets(noted).latest()).hasSize(GroupEnis.MOST_LATEST);
        assertThat(packets(noted).more()).isFalse();

        noted.add(noted("last_in", "172.20.0.3", 5_000, "172.20.0.1", 22, 0));
        GroupPackets packets = packets(noted);
        assertThat(packets.latest()).hasSize(GroupEnis.MOST_LATEST);
        assertThat(packets.latest().getFirst().fromPort()).as("the last of all").isEqualTo(5_000);
        assertThat(packets.more()).isTrue();
    }

    /** They may have been added since, or it was an answer to nothing. */
    @Test
    void aRuleThatWouldLetItPassNowIsNamedForEachProtocolThatRulesKnow() {
        World before = world();
        GroupRecord all = new GroupRecord(
                WEB,
                LAB,
                List.of(
                        GroupRule.parse("out icmp 172.20.0.0/24"),
                        GroupRule.parse("out icmpv6 fd00:20::/64"),
                        GroupRule.parse("out udp/53 172.20.0.0/24"),
                        GroupRule.parse("out tcp/22 172.20.0.0/24")),
                Optional.of(ADA),
                0);
        World world = new World(
                before.nodes(),
                before.clusters(),
                before.pools(),
                before.vpcs(),
                before.enis(),
                new TreeMap<>(Map.of(WEB, held(all))),
                Map.of());
        Map<Integer, Integer> ports = Map.of(1, 0, 58, 0, 17, 53, 6, 22);
        Map<Integer, Integer> rules = Map.of(1, 1, 58, 2, 17, 3, 6, 4);

        ports.forEach((protocol, port) -> {
            Noted noted = new Noted(
                    "last_out",
                    Ipv4.parse("172.20.0.1"),
                    Ip.parse(protocol == 58 ? "fd00:20::2" : "172.20.0.2"),
                    protocol,
                    port == 0 ? Optional.empty() : Optional.of(new FilterCounts.Ports(4_000, port)),
                    1,
                    new Count(1, 60));
            DropsSearch.Found found = new DropsSearch.Found(
                    Map.of(
                            node(1),
                            new DropsRpc.Counted(
                                    Map.of("scc_eni1", new FilterCounts(Map.of(), List.of(noted), false)), NOW)),
                    List.of());

            assertThat(GroupEnis.of(world, all).packets(found, false, true).latest())
                    .extracting(GroupPackets.Drop::why)
                    .singleElement()
                    .asString()
                    .contains("dropped before rule " + rules.get(protocol) + " of web");
        });
    }

    @Test
    void thatAnyOfItsTablesHasMoreIsSaid() {
        for (int number = 1; number <= 2; number++) {
            DropsSearch.Found found = new DropsSearch.Found(
                    Map.of(
                            node(number),
                            new DropsRpc.Counted(
                                    Map.of("scc_vpc5000", new FilterCounts(Map.of(), List.of(), true)), NOW)),
                    List.of());

            assertThat(GroupEnis.of(world(), group()).packets(found, true, true).more())
                    .as("n" + number)
                    .isTrue();
        }
    }
}
