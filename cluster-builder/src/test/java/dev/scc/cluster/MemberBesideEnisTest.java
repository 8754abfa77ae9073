package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Mac;
import dev.scc.host.NodeName;
import dev.scc.host.net.MemoryMachine;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetPlanner;
import dev.scc.host.net.NetState;
import dev.scc.host.net.PlanOutcome;
import dev.scc.host.net.PlanRunner;
import dev.scc.host.net.Step;
import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.GuestTap;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Node n1 as a member of a cluster in VPC lab, with ENIs of the same VPC in others' network namespaces and for guests. */
class MemberBesideEnisTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeInventory HAS = NodeInventory.of("6.1", 2, 1024, List.of(), List.of());
    private static final VpcNetwork LAB = new VpcNetwork(
            "lab",
            new Vni(5000),
            Cidr.parse("172.20.0.0/24"),
            Optional.of(1450),
            Optional.of(Cidr6.parse("fd00:20::/64")));
    private static final String OVERLAY = "link:vpc5000";

    /** What there is of the VPC. Addresses of members of demo are 1 to 4, by the nodes' numbers; of other 11 to 14. */
    private record There(
            Set<Integer> demo, Set<Integer> other, NavigableMap<Integer, Plug> here, Set<Integer> elsewhere) {

        There {
            demo = new TreeSet<>(demo);
            other = new TreeSet<>(other);
            here = new TreeMap<>(here);
            elsewhere = new TreeSet<>(elsewhere);
        }

        There() {
            this(Set.of(), Set.of(), new TreeMap<>(), Set.of());
        }

        boolean serves() {
            return demo.contains(1);
        }

        Optional<Roster> roster() {
            return serves()
                    ? Optional.of(new Roster(
                            new ClusterName("demo"),
                            1,
                            1,
                            LAB,
                            Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/24")),
                            demo.stream()
                                    .map(node -> new Member(
                                            name(node),
                                            underlay(node),
                                            "",
                                            address(node),
                                            Ipv4.parse("10.70.0.0").plus(node),
                                            "",
                                            ""))
                                    .toList()))
                    : Optional.empty();
        }

        private NavigableMap<String, Holding> holdings() {
            NavigableMap<String, Holding> holdings = new TreeMap<>();
            holdings.put("cluster-70", holding("cluster demo", demo, 0));
            holdings.put("cluster-71", holding("cluster other", other, 10));
            here.forEach((number, plug) -> holdings.put(plug.eni().value(), eni(1, number)));
            elsewhere.forEach(number -> holdings.put(id(number).value(), eni(2 + number % 2, number)));
            return holdings;
        }

        Plugged plugged() {
            return new Plugged(List.copyOf(here.values()), Map.of("lab", holdings()), Map.of());
        }

        NetState wanted() {
            return new ClusterNetworks("eth0").wanted(roster(), N1, HAS, plugged());
        }

        /** Addresses that eni0 knows, but its own. */
        Set<Ip> knownToMember() {
            Set<Integer> known = new TreeSet<>(demo);
            known.remove(1);
            known.addAll(here.keySet());
            known.addAll(elsewhere);
            return addresses(known);
        }

        Set<Ip> everybody() {
            Set<Integer> all = new TreeSet<>(demo);
            other.forEach(node -> all.add(node + 10));
            all.addAll(here.keySet());
            all.addAll(elsewhere);
            return addresses(all);
        }

        /** One thing comes or goes. */
        There next(Random random) {
            There next = new There(demo, other, here, elsewhere);
            switch (random.nextInt(6)) {
                case 0 -> turn(next.demo, 1);
                case 1 -> turn(next.demo, 2 + random.nextInt(3));
                case 2 -> turn(next.other, 2 + random.nextInt(3));
                case 3, 4 -> {
                    int number = 21 + random.nextInt(4);
                    if (next.here.remove(number) == null) {
                        next.here.put(number, plug(number, random.nextInt(4)));
                    }
                }
                default -> turn(next.elsewhere, 31 + random.nextInt(4));
            }
            return next;
        }

        private static void turn(Set<Integer> set, int number) {
            if (!set.remove(number)) {
                set.add(number);
            }
        }
    }

    private static NodeName name(int node) {
        return new NodeName("n" + node);
    }

    private static Ipv4 underlay(int node) {
        return Ipv4.parse("10.99.0.10").plus(node);
    }

    private static Ipv4 address(int number) {
        return LAB.cidr().host(number);
    }

    private static EniId id(int number) {
        return new EniId("eni-%08x".formatted(number));
    }

    private static Set<Ip> addresses(Set<Integer> numbers) {
        Set<Ip> addresses = new TreeSet<>();
        for (int number : numbers) {
            addresses.add(address(number));
            addresses.add(LAB.ipv6Of(address(number)).orElseThrow());
        }
        return addresses;
    }

    private static VpcMember member(int node, int number) {
        return new VpcMember(
                name(node),
                underlay(node),
                address(number),
                List.of(LAB.ipv6Of(address(number)).orElseThrow()));
    }

    private static Holding holding(String who, Set<Integer> nodes, int from) {
        return new Holding(
                who, nodes.stream().map(node -> member(node, from + node)).toList(), List.of());
    }

    private static Holding eni(int node, int number) {
        return new Holding("ENI " + id(number), List.of(member(node, number)), List.of());
    }

    private static Plug plug(int number, int kind) {
        EniPlace place = kind == 0 ? new GuestTap() : new NamespaceFile("/run/netns/ns" + number);
        return plug(number, Optional.of(place));
    }

    private static Plug plug(int number, Optional<EniPlace> place) {
        return new Plug(
                id(number),
                LAB,
                address(number),
                number - 20,
                Plug.Phase.ATTACHED,
                Optional.empty(),
                Optional.empty(),
                place,
                Optional.empty(),
                List.of(LAB.ipv6Of(address(number)).orElseThrow()));
    }

    private static Set<Ip> neighbours(NetState state, String link) {
        return state.objects().values().stream()
                .filter(object -> object instanceof NetObject.Neighbour neighbour
                        && neighbour.link().equals(link))
                .map(object -> ((NetObject.Neighbour) object).address())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String table(NetState state, String name) {
        return state.objects().get("nft:" + name) instanceof NetObject.NftTable table ? table.body() : "";
    }

    private static Set<String> keys(List<Step> steps) {
        return steps.stream().map(step -> step.object().key()).collect(Collectors.toSet());
    }

    /** Those who stay have no gap, whoever comes or goes beside them, and nothing is done for those who are no news. */
    @Test
    void membershipAndEnisComeAndGoBesideEachOther() throws Exception {
        for (int seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            MemoryMachine machine = new MemoryMachine(List.of("eth0"));
            List<String> told = new ArrayList<>(List.of("seed " + seed));
            There now = new There();
            for (int round = 0; round < 40; round++) {
                There before = now;
                now = before.next(random);
                told.add(now.toString());
                NetState wanted = now.wanted();
                List<Step> steps = NetPlanner.plan(machine.observe(), wanted);
                Set<String> keys = keys(steps);

                assertThat(new PlanRunner(machine).run(steps)).as("%s", told).isInstanceOf(PlanOutcome.Done.class);
                assertThat(NetPlanner.plan(machine.observe(), wanted))
                        .as("%s", told)
                        .isEmpty();
                boolean was = before.serves() || !before.here().isEmpty();
                boolean is = now.serves() || !now.here().isEmpty();
                assertThat(keys.contains(OVERLAY)).as("%s", told).isEqualTo(was != is);
                assertThat(keys.contains("link:eni0")).as("%s", told).isEqualTo(before.serves() != now.serves());
                for (int number : before.here().keySet()) {
                    if (now.here().containsKey(number)) {
                        assertThat(keys)
                                .as("%s", told)
                                .doesNotContain("link:eni" + (number - 20), "nft:scc_netdev_eni" + (number - 20));
                    }
                }
                known(now, wanted, told);
                if (was == is
                        && before.serves() == now.serves()
                        && before.here().isEmpty() == now.here().isEmpty()) {
                    // Of each the tables, forwarding, two neighbours each of eni0 and the overlay, its cable and rules.
                    assertThat(steps).as("%s", told).hasSizeLessThan(14);
                }
            }
        }
    }

    private static void known(There there, NetState wanted, List<String> told) {
        String rest = table(wanted, "scc_netdev_vpc5000");
        if (there.serves()) {
            assertThat(neighbours(wanted, "eni0")).as("%s", told).isEqualTo(there.knownToMember());
        }
        if (!there.here().isEmpty()) {
            assertThat(neighbours(wanted, "vpc5000")).as("%s", told).isEqualTo(there.everybody());
            for (int node : there.other()) {
                String mac = Mac.of(address(node + 10)).value();
                assertThat(rest.contains(mac)).as("%s", told).isEqualTo(there.serves());
                assertThat(table(wanted, "scc_vpc5000")).as("%s", told).contains(mac.replace(":", ""));
            }
            for (int node : there.demo()) {
                assertThat(rest.contains("ether saddr") && rest.contains(Mac.of(address(node)) + ","))
                        .as("%s", told)
                        .isFalse();
            }
        } else {
            assertThat(rest).as("%s", told).isEmpty();
        }
    }

    @Test
    void twoAddressesOfOneNetworkInOneNamespaceAreNotBuilt() {
        There there = new There(Set.of(1), Set.of(), new TreeMap<>(Map.of(21, plug(21, Optional.empty()))), Set.of());

        assertThatThrownBy(there::wanted)
                .hasMessageContaining("eni-00000015 of VPC lab is in the network namespace of node n1")
                .hasMessageContaining("its cluster demo has an address of that VPC");
    }

    @Test
    void aClustersOwnVpcIsItsAlone() {
        VpcNetwork own = new VpcNetwork("demo", new Vni(70), LAB.cidr(), Optional.of(1450));
        Roster roster = new There(Set.of(1, 2), Set.of(), new TreeMap<>(), Set.of())
                .roster()
                .orElseThrow();
        roster = new Roster(roster.cluster(), 1, 1, own, roster.segment(), roster.members());

        assertThat(new ClusterNetworks("eth0").wanted(roster, N1, HAS).objects().get("link:vpc70"))
                .isInstanceOfSatisfying(
                        NetObject.Link.class, link -> assertThat(link.owner()).isEqualTo("demo"));
    }
}
