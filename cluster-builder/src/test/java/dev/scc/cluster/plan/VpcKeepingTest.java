package dev.scc.cluster.plan;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.Roster;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.ClusterChange;
import dev.scc.cluster.change.VpcChange;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.NodeEnis;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcName;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VpcKeepingTest {
    private static final VpcName LAB = new VpcName("lab");
    private static final Cidr CIDR = Cidr.parse("172.20.0.0/28");
    private static final Optional<Principal> ADA = Optional.of(new Principal(Role.USER, "ada"));

    private World world = Worlds.free(8);

    private RequestPlanner.Answer ask(Request request) {
        RequestPlanner.Answer answer = new RequestPlanner(
                        new Situation(world, Map.of(), Timing.usual(), Instant.ofEpochSecond(5)), 5)
                .answer(
                        request,
                        "r",
                        new Asker.Proven(
                                ADA.orElseThrow(),
                                Map.of("ada", new Held<>(new PersonRecord(Role.USER, Rights.NONE), 0))),
                        Optional.empty(),
                        Optional.empty());
        if (answer instanceof RequestPlanner.Answer.Commit commit) {
            world = Worlds.after(world, commit.changes());
        }
        return answer;
    }

    private void done(Request request) {
        assertThat(ask(request)).isInstanceOf(RequestPlanner.Answer.Commit.class);
    }

    private String refused(Request request, Refusal reason) {
        RequestPlanner.Answer answer = ask(request);
        assertThat(answer)
                .isInstanceOfSatisfying(
                        RequestPlanner.Answer.Refuse.class,
                        refuse -> assertThat(refuse.reason()).isEqualTo(reason));
        return ((RequestPlanner.Answer.Refuse) answer).why();
    }

    private Roster join(String cluster, int nodes) {
        RequestPlanner.Answer answer =
                ask(new Request.Create(ClusterSpec.of(cluster, nodes).withVpc("lab")));
        assertThat(answer).isInstanceOf(RequestPlanner.Answer.Commit.class);
        List<Change> changes = ((RequestPlanner.Answer.Commit) answer).changes();
        return Worlds.only(ClusterChange.PublishRoster.class, changes)
                .getFirst()
                .roster();
    }

    private Vpc lab() {
        return Objects.requireNonNull(world.vpcs().get(LAB));
    }

    @Test
    void aVpcHasAVniOfItsOwnPoolAndAnOwner() {
        done(new Request.VpcCreate(LAB, CIDR));
        done(new Request.VpcCreate(new VpcName("other"), CIDR));

        assertThat(lab().value().vni().value()).isEqualTo(5000);
        assertThat(lab().value().owner()).isEqualTo(ADA);
        assertThat(lab().value().mtu()).isEqualTo(1450);
        assertThat(Objects.requireNonNull(world.vpcs().get(new VpcName("other")))
                        .value()
                        .vni()
                        .value())
                .isEqualTo(5001);
    }

    @Test
    void anEncryptedVpcLeavesRoomForWhatItsTunnelsAdd() {
        done(new Request.VpcCreate(LAB, CIDR, false, Optional.empty(), true));

        assertThat(lab().value().encrypted()).isTrue();
        assertThat(lab().value().network().encrypted()).isTrue();
        assertThat(lab().value().mtu()).isEqualTo(1370);
    }

    private Request.VpcCreate both(String cidr6) {
        return new Request.VpcCreate(LAB, CIDR, false, Optional.of(Cidr6.parse(cidr6)));
    }

    @ParameterizedTest
    @CsvSource({
        "::1/128, its prefix has to be within 48 to 124",
        "fd00:20::/47, its prefix has to be within 48 to 124",
        "fd00:20::/125, its prefix has to be within 48 to 124",
        "::/64, of the loopback interface",
        "::ffff:10.0.0.0/104, mapped",
        "64:ff9b::/96, translated",
        "100::/64, to be discarded",
        "2001::/64, of protocols",
        "2001:db8:1::/64, for documentation (RFC 3849)",
        "3fff:1::/64, for documentation (RFC 9637)",
        "2002:a00:1::/48, of relays to IPv4",
        "fd5c:c791:4e0a::/64, of the tunnels of encrypted VPCs",
        "fe80::/64, of single links",
        "fec0::/64, of sites",
        "ff00::/64, of multicast groups",
        "ff05::/64, of multicast groups",
        "4000::/64, 'hosts have addresses of 2000::/3, or of fc00::/7'",
    })
    void addressesOfIpv6ThatNoHostCanHaveAreRefusedWithTheReason(String cidr6, String why) {
        assertThat(refused(both(cidr6), Refusal.ADDRESSES))
                .startsWith("--cidr6 ")
                .contains(why);
        assertThat(world.vpcs()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"fd00:20::/48", "fd00:20::/64", "fd00:20::/124", "2001:1234:5678::/64", "fc00::/64"})
    void aVpcHasTheAddressesOfIpv6ThatItIsMadeWith(String cidr6) {
        done(both(cidr6));

        assertThat(lab().value().cidr6()).contains(Cidr6.parse(cidr6));
        assertThat(lab().value().network().cidr6()).contains(Cidr6.parse(cidr6));
    }

    @Test
    void membersOfAClusterInItHoldTheirAddressesOfIpv6Too() {
        done(both("fd00:20::/64"));

        Roster roster = join("a", 2);

        assertThat(roster.members().getFirst().in(roster.vpc()).more()).containsExactly(Ip.parse("fd00:20::1"));
        assertThat(lab().taken())
                .containsExactlyInAnyOrder(
                        Ip.parse("172.20.0.1"), Ip.parse("172.20.0.2"), Ip.parse("fd00:20::1"), Ip.parse("fd00:20::2"));
    }

    @Test
    void aNumberThatIsFreeAgainIsGivenToTheNext() {
        done(new Request.VpcCreate(LAB, CIDR));
        done(new Request.VpcDelete(LAB));
        done(new Request.VpcCreate(new VpcName("other"), CIDR));

        assertThat(Objects.requireNonNull(world.vpcs().get(new VpcName("other")))
                        .value()
                        .vni()
                        .value())
                .isEqualTo(5000);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/16, loopback",
        "224.0.0.0/8, multicast",
        "10.99.0.0/24, the address of a node",
        "172.20.0.0/31, 'within 8 to 30'",
        "10.0.0.0/7, 'within 8 to 30'"
    })
    void addressesThatCannotWorkAreRefusedWithTheReason(String cidr, String why) {
        assertThat(refused(new Request.VpcCreate(LAB, Cidr.parse(cidr)), Refusal.ADDRESSES))
                .contains(cidr)
                .contains(why);
    }

    @Test
    void aNameThatIsTakenIsRefused() {
        done(new Request.VpcCreate(LAB, CIDR));
        done(new Request.Create(ClusterSpec.of("demo", 1)));

        assertThat(refused(new Request.VpcCreate(LAB, CIDR), Refusal.NAME_TAKEN))
                .contains("lab already");
        assertThat(refused(new Request.VpcCreate(new VpcName("demo"), CIDR), Refusal.NAME_TAKEN))
                .contains("cluster demo's own");
    }

    @Test
    void anotherNameThanThatOfAClustersOwnIsFree() {
        done(new Request.Create(ClusterSpec.of("demo", 1)));

        done(new Request.VpcCreate(LAB, CIDR));
    }

    @Test
    void clustersOfOneVpcHaveItsNumberAndNoAddressInCommon() {
        done(new Request.VpcCreate(LAB, CIDR));

        Roster a = join("a", 3);
        Roster b = join("b", 2);

        assertThat(a.vpc()).isEqualTo(b.vpc()).isEqualTo(lab().value().network());
        assertThat(a.segment().vlan()).isNotEqualTo(b.segment().vlan());
        Set<Ipv4> addresses = new HashSet<>();
        lab().holdings()
                .values()
                .forEach(held -> held.value().members().stream()
                        .map(VpcMember::address)
                        .forEach(address -> assertThat(addresses.add(address))
                                .as("%s", address)
                                .isTrue()));
        assertThat(addresses).hasSize(5);
    }

    @Test
    void aVpcThatIsFullSaysSo() {
        done(new Request.VpcCreate(LAB, Cidr.parse("172.20.0.0/29")));
        join("a", 4);

        assertThat(refused(new Request.Create(ClusterSpec.of("b", 3).withVpc("lab")), Refusal.ADDRESSES))
                .contains("VPC lab")
                .contains("4 of them taken");
    }

    @Test
    void aClusterThatDoesNotAskForAVpcOfItsNameDoesNotJoinIt() {
        done(new Request.VpcCreate(LAB, CIDR));

        assertThat(refused(new Request.Create(ClusterSpec.of("lab", 1)), Refusal.ADDRESSES))
                .contains("--vpc lab joins it");
    }

    @Test
    void otherAddressesThanThoseOfTheVpcAreRefused() {
        done(new Request.VpcCreate(LAB, CIDR));
        ClusterSpec spec = ClusterSpec.of("a", 1)
                .withVpc("lab")
                .withCidrs(Optional.of(Cidr.parse("172.21.0.0/24")), Optional.empty());

        assertThat(refused(new Request.Create(spec), Refusal.ADDRESSES)).contains("VPC lab has 172.20.0.0/28");
        done(new Request.Create(spec.withCidrs(Optional.of(CIDR), Optional.empty())));
    }

    @Test
    void deletingOneInUseIsRefusedAndSaysByWhom() {
        done(new Request.VpcCreate(LAB, CIDR));
        join("a", 1);
        join("b", 1);

        assertThat(refused(new Request.VpcDelete(LAB), Refusal.BUSY)).contains("cluster a, cluster b");
        assertThat(refused(new Request.VpcDelete(new VpcName("none")), Refusal.UNKNOWN))
                .contains("no VPC none");
    }

    @Test
    void aClustersOwnGoesWithItsCluster() {
        done(new Request.Create(ClusterSpec.of("demo", 1)));

        assertThat(refused(new Request.VpcDelete(new VpcName("demo")), Refusal.BUSY))
                .contains("goes with it");
    }

    /** Whatever has become of the cluster: a node that was lost may bear its address. */
    @Test
    void addressesAreFreeOnlyWithTheNumberOfTheCluster() {
        done(new Request.VpcCreate(LAB, CIDR));
        done(new Request.VpcCreate(new VpcName("zoo"), CIDR));
        int network = join("a", 2).segment().vlan().value();
        World dismissed = Worlds.after(
                world, Leaving.dismiss(world, Worlds.cluster(world, "a").value(), 5));
        World gone = new World(
                dismissed.nodes(), new TreeMap<>(), dismissed.pools(), dismissed.vpcs(), dismissed.enis(), Map.of());
        assertThat(new NodeCare(new Situation(gone, Map.of(), Timing.usual(), Instant.EPOCH), 5, Set.of())
                        .welcomeBack()
                        .changes())
                .isEmpty();

        assertThat(Holdings.giveBack(gone, Set.of(network)))
                .as("the number, and what the VPC holds that the cluster was in")
                .hasSize(2);
        World bare = Worlds.after(gone, Holdings.giveBack(gone, Set.of(network)));

        assertThat(Objects.requireNonNull(bare.vpcs().get(LAB)).holdings()).isEmpty();
        assertThat(bare.pools().value().networks()).isEmpty();
    }

    @Test
    void ofAVpcThatCannotBeReadNothingIsConcluded() {
        done(new Request.VpcCreate(LAB, CIDR));
        int network = join("a", 1).segment().vlan().value();
        world = new World(
                world.nodes(),
                world.clusters(),
                world.pools(),
                new TreeMap<>(),
                world.enis(),
                Map.of("/scc/vpcs/lab", "is nothing"));

        assertThat(Holdings.giveBack(world, Set.of(network))).isEmpty();
        assertThat(refused(new Request.VpcCreate(new VpcName("other"), CIDR), Refusal.DOES_NOT_FIT))
                .contains("VNIs");
        assertThat(refused(new Request.Create(ClusterSpec.of("b", 1).withVpc("lab")), Refusal.ADDRESSES))
                .contains("cannot be read");
    }

    /** Whoever joins would get an address that somebody may have. */
    @Test
    void aClusterInAVpcThatCannotBeReadDoesNotGrow() {
        done(new Request.VpcCreate(LAB, CIDR));
        Roster roster = join("a", 1);
        World readable = world;
        world = new World(
                world.nodes(),
                world.clusters(),
                world.pools(),
                new TreeMap<>(),
                world.enis(),
                Map.of("/scc/vpcs/lab", "is nothing"));

        assertThat(growth(roster, 2))
                .isInstanceOfSatisfying(
                        MembershipPlanner.Plan.Refuse.class,
                        refuse -> assertThat(refuse.why()).contains("VPC lab cannot be read"));

        world = readable;
        assertThat(growth(roster, 2)).isInstanceOf(MembershipPlanner.Plan.Possible.class);
    }

    private MembershipPlanner.Plan growth(Roster roster, int nodes) {
        Held<ClusterRecord> held = Worlds.cluster(world, roster.cluster().value());
        return new MembershipPlanner(
                        new Situation(world, Map.of(), Timing.usual(), Instant.ofEpochSecond(5)), held, roster, 5)
                .plan(nodes, Set.of(), _ -> held.value());
    }

    @Test
    void aNodeWhoseUnderlayIsTooSmallForTheVpcIsNotTaken() {
        done(new Request.VpcCreate(LAB, CIDR));
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.computeIfPresent(new NodeName("n1"), (_, node) -> Worlds.withMtus(node, 1400, 4200));
        world = new World(nodes, world.clusters(), world.pools(), world.vpcs(), world.enis(), Map.of());

        Roster roster = join("a", 2);

        assertThat(roster.members()).extracting(member -> member.node().value()).containsExactly("n2", "n3");
    }

    /** Its cluster is being deleted, and another member of it is not clean yet: so what the cluster had is held still. */
    @Test
    void aNodeThatTheVpcNamesAlreadyIsNotGivenToAnotherClusterThere() {
        done(new Request.VpcCreate(LAB, CIDR));
        Holding left = new Holding(
                "cluster gone",
                List.of(new VpcMember(new NodeName("n1"), Ipv4.parse("10.99.0.11"), Ipv4.parse("172.20.0.9"))),
                List.of());
        NavigableMap<String, Held<Holding>> holdings = new TreeMap<>(Map.of("cluster-99", new Held<>(left, 0)));
        world = new World(
                world.nodes(),
                world.clusters(),
                world.pools(),
                new TreeMap<>(Map.of(LAB, new Vpc(lab().record(), holdings))),
                world.enis(),
                Map.of());

        assertThat(Holdings.obstacle(
                        world, Optional.of(lab()), requireNonNull(world.nodes().get(new NodeName("n1"))), "cluster-99"))
                .isEmpty();
        assertThat(Holdings.obstacle(
                        world, Optional.of(lab()), requireNonNull(world.nodes().get(new NodeName("n1"))), ""))
                .hasValueSatisfying(why -> assertThat(why).contains("VPC lab").contains("cluster gone"));
        assertThat(join("a", 2).members())
                .extracting(member -> member.node().value())
                .containsExactly("n2", "n3");
    }

    @Test
    void whatIsHeldNamesWhoHasIt() {
        done(new Request.VpcCreate(LAB, CIDR));
        Roster roster = join("a", 1);

        assertThat(requireNonNull(lab().holdings()
                                .get(Holding.ofCluster(roster.segment().vlan().value())))
                        .value()
                        .who())
                .isEqualTo("cluster " + new ClusterName("a"));
        assertThat(Worlds.node(world, "n1").assignment().value()).isInstanceOf(Assignment.Serve.class);
    }

    /** A node is in no two of them by its clusters. */
    @Test
    void clustersMayJoinVpcsThatOverlapAndNoneHasOneOfItsOwnThere() {
        done(new Request.VpcCreate(LAB, CIDR));
        done(new Request.VpcCreate(new VpcName("twin"), CIDR));
        join("a", 1);

        assertThat(refused(
                        new Request.Create(ClusterSpec.of("b", 1).withCidrs(Optional.of(CIDR), Optional.empty())),
                        Refusal.ADDRESSES))
                .contains("overlaps " + CIDR + ", the VPC of cluster a");
        done(new Request.Create(ClusterSpec.of("b", 1).withVpc("twin")));
    }

    private MembershipPlanner.Plan.Possible grown(Roster roster, int nodes) {
        MembershipPlanner.Plan plan = growth(roster, nodes);
        assertThat(plan).isInstanceOf(MembershipPlanner.Plan.Possible.class);
        return (MembershipPlanner.Plan.Possible) plan;
    }

    @Test
    void aClusterThatGrowsInAVpcGetsAddressesThatNoEniHasAndTheVpcNamesThem() {
        done(new Request.VpcCreate(LAB, CIDR));
        Roster roster = join("a", 1);
        RequestPlanner.Answer attached = new RequestPlanner(
                        new Situation(world, Map.of(), Timing.usual(), Instant.EPOCH), 5)
                .answer(
                        new Request.EniAttach(new NodeName("n2"), LAB, Optional.empty(), Optional.empty(), List.of()),
                        "eni",
                        new Asker.Unproven(),
                        Optional.empty(),
                        Optional.empty());
        world = Worlds.after(world, ((RequestPlanner.Answer.Commit) attached).changes());
        List<Ip> taken = lab().taken();

        MembershipPlanner.Plan.Possible plan = grown(roster, 2);

        assertThat(plan.joining()).as("n2 has one in its own namespace").containsExactly(new NodeName("n3"));
        Member joined = Worlds.only(ClusterChange.PublishRoster.class, plan.changes())
                .getFirst()
                .roster()
                .member(new NodeName("n3"));
        assertThat(taken).hasSize(2).doesNotContain(joined.vpcAddress());
        assertThat(Worlds.only(VpcChange.class, plan.changes())).hasSize(1);
    }

    @Test
    void whoReachesSomethingByIpv6InTheVpcIsNotTakenWhereItsClusterGrows() {
        done(new Request.VpcCreate(LAB, CIDR, false, Optional.of(Cidr6.parse("fd00:20::/64"))));
        Roster roster = join("a", 1);
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.computeIfPresent(new NodeName("n2"), (_, node) -> Worlds.needing(node, "fd00:20::/48"));
        world = new World(nodes, world.clusters(), world.pools(), world.vpcs(), world.enis(), world.groups(), Map.of());

        assertThat(grown(roster, 2).joining()).containsExactly(new NodeName("n3"));
    }

    /** One of whom nothing is known may have any address. */
    @Test
    void aClusterDoesNotGrowWhereOneOfTheVpcCannotBeRead() {
        done(new Request.VpcCreate(LAB, CIDR));
        Roster roster = join("a", 1);
        world = new World(
                world.nodes(),
                world.clusters(),
                world.pools(),
                world.vpcs(),
                world.enis(),
                world.groups(),
                Map.of("/scc/vpcs/lab/eni-00000001", "is nothing"));

        assertThat(growth(roster, 2)).isInstanceOf(MembershipPlanner.Plan.Refuse.class);
    }

    private Plug plug(EniId eni, int slot, Plug.Phase phase, Optional<EniPlace> place) {
        return new Plug(
                eni,
                lab().value().network(),
                Ipv4.parse("172.20.0.0").plus(slot),
                slot,
                phase,
                Optional.empty(),
                Optional.empty(),
                place);
    }

    /** Of the first node, which has these ENIs and in whose VPC that one is held. */
    private Optional<String> obstacle(EniId held, Plug... plugs) {
        NodeName n1 = new NodeName("n1");
        Holding there = new Holding(
                "ENI " + held,
                List.of(new VpcMember(n1, Ipv4.parse("10.99.0.11"), Ipv4.parse("172.20.0.2"))),
                List.of());
        Vpc lab = new Vpc(lab().record(), new TreeMap<>(Map.of(held.value(), new Held<>(there, 0))));
        World known = new World(
                world.nodes(),
                world.clusters(),
                world.pools(),
                new TreeMap<>(Map.of(LAB, lab)),
                new TreeMap<>(Map.of(n1, new NodeEnis(new Held<>(new NodePlugs(List.of(plugs)), 0), Optional.empty()))),
                Map.of());
        return Holdings.obstacle(
                known, Optional.of(lab), requireNonNull(known.nodes().get(n1)), "");
    }

    @Test
    void anEniInANodesOwnNamespaceIsInTheWayOfAnotherOfItsVpcAndOneThatIsHandedOverIsNot() {
        done(new Request.VpcCreate(LAB, CIDR));
        EniId one = EniId.of("one");
        EniId two = EniId.of("two");
        Optional<EniPlace> container = Optional.of(new NamespaceFile("/run/netns/c"));

        assertThat(obstacle(one, plug(one, 2, Plug.Phase.ATTACHED, container))).isEmpty();
        assertThat(obstacle(one, plug(one, 2, Plug.Phase.ATTACHED, Optional.empty())))
                .hasValueSatisfying(why -> assertThat(why).contains("has an address of VPC lab still, as ENI " + one));
        assertThat(obstacle(one, plug(two, 3, Plug.Phase.ATTACHED, container)))
                .as("another one is handed over")
                .isPresent();
        assertThat(obstacle(
                        one,
                        plug(one, 2, Plug.Phase.ATTACHED, container),
                        plug(two, 3, Plug.Phase.AWAITED, Optional.empty())))
                .contains("keeps a slot for " + two + " of VPC lab");
    }
}
