package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.Attachment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Plug;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.ClusterChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.leftover.Remains;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.NodeEnis;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.GuestTap;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EniKeepingTest {
    private static final VpcName LAB = new VpcName("lab");
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");

    private World world = Worlds.free(4);
    private int requests;

    @BeforeEach
    void aVpc() {
        done(new Request.VpcCreate(LAB, Cidr.parse("172.20.0.0/29")));
    }

    private Situation situation(Map<NodeName, Instant> missing) {
        return new Situation(world, missing, Timing.usual(), Instant.ofEpochSecond(5_000));
    }

    private RequestPlanner.Answer ask(Request request) {
        RequestPlanner.Answer answer = new RequestPlanner(situation(Map.of()), 5)
                .answer(request, "r" + ++requests, new Asker.Unproven(), Optional.empty(), Optional.empty());
        if (answer instanceof RequestPlanner.Answer.Commit commit) {
            world = Worlds.after(world, commit.changes());
        }
        return answer;
    }

    private void done(Request request) {
        assertThat(ask(request)).isInstanceOf(RequestPlanner.Answer.Commit.class);
    }

    private EniId attach(NodeName node) {
        done(attaching(node, LAB));
        return EniId.of("r" + requests);
    }

    private static Request.EniAttach attaching(NodeName node, VpcName vpc) {
        return new Request.EniAttach(node, vpc, Optional.empty(), Optional.empty(), List.of());
    }

    private String refused(Request request, Refusal reason) {
        RequestPlanner.Answer answer = ask(request);
        assertThat(answer)
                .isInstanceOfSatisfying(
                        RequestPlanner.Answer.Refuse.class,
                        refuse -> assertThat(refuse.reason()).as(refuse.why()).isEqualTo(reason));
        return ((RequestPlanner.Answer.Refuse) answer).why();
    }

    /** Its agent answers what it is to have now. */
    private void says(NodeName node, Optional<PlugStatus.Fault> fault) {
        NavigableMap<NodeName, NodeEnis> enis = new TreeMap<>(world.enis());
        enis.computeIfPresent(
                node,
                (_, known) -> new NodeEnis(
                        known.plugs(), Optional.of(new PlugStatus(known.plugs().version(), fault))));
        world = new World(world.nodes(), world.clusters(), world.pools(), world.vpcs(), enis, Map.of());
    }

    private List<Change> care(Map<NodeName, Instant> missing) {
        List<Change> changes = new EniCare(situation(missing)).next().changes();
        world = Worlds.after(world, changes);
        return changes;
    }

    private static Outcome outcome(List<Change> changes) {
        return Worlds.only(RequestChange.Answer.class, changes).getFirst().outcome();
    }

    private Plug.Phase phase(NodeName node, EniId eni) {
        return world.plugs(node).of(eni).orElseThrow().phase();
    }

    private Vpc lab() {
        return Objects.requireNonNull(world.vpcs().get(LAB));
    }

    @Test
    void anEniIsAttachedWhenItsAgentSaysSo() {
        EniId eni = attach(N1);
        assertThat(care(Map.of())).isEmpty();
        assertThat(phase(N1, eni)).isEqualTo(Plug.Phase.ATTACHING);
        assertThat(lab().taken()).containsExactly(Ipv4.parse("172.20.0.1"));

        says(N1, Optional.empty());

        assertThat(outcome(care(Map.of()))).isInstanceOf(Outcome.Done.class);
        assertThat(phase(N1, eni)).isEqualTo(Plug.Phase.ATTACHED);
        assertThat(care(Map.of())).isEmpty();
    }

    /** Of what it has been given since an agent can say nothing. */
    @Test
    void anAnswerToWhatWasBeforeCountsForNothing() {
        attach(N1);
        says(N1, Optional.empty());
        care(Map.of());

        done(new Request.VpcCreate(new VpcName("other"), Cidr.parse("172.21.0.0/24")));
        done(attaching(N1, new VpcName("other")));

        assertThat(care(Map.of())).isEmpty();
    }

    @Test
    void oneThatCannotBeAttachedIsTakenBackAndItsAddressIsFreeOnceItIsGone() {
        EniId eni = attach(N1);
        says(N1, Optional.of(new PlugStatus.Fault("add link:eni1", "no room")));

        assertThat(outcome(care(Map.of())))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().why()).isEqualTo("no room"));
        assertThat(phase(N1, eni)).isEqualTo(Plug.Phase.DETACHING);
        assertThat(lab().taken()).hasSize(1);

        says(N1, Optional.empty());
        care(Map.of());

        assertThat(world.plugs(N1).plugs()).isEmpty();
        assertThat(lab().taken()).isEmpty();
    }

    @Test
    void anAddressIsFreeOnlyWhenTheAgentSaysThatTheEniIsGone() {
        EniId eni = attach(N1);
        says(N1, Optional.empty());
        care(Map.of());

        done(new Request.EniDetach(eni));
        assertThat(care(Map.of())).isEmpty();
        assertThat(lab().taken()).hasSize(1);
        assertThat(refused(new Request.VpcDelete(LAB), Refusal.BUSY)).contains(eni.value());
        says(N1, Optional.empty());

        assertThat(outcome(care(Map.of()))).isEqualTo(new Outcome.Done(5_000_000, List.of()));
        assertThat(lab().taken()).isEmpty();
        done(new Request.VpcDelete(LAB));
    }

    @Test
    void whatIsLeftOnALostNodeIsNamedAndItsAddressStaysTaken() {
        EniId eni = attach(N1);
        says(N1, Optional.empty());
        care(Map.of());
        done(new Request.EniDetach(eni));

        Outcome outcome = outcome(care(Map.of(N1, Instant.EPOCH)));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Done.class,
                        end -> assertThat(end.left()).containsExactly("n1: " + eni + " (the node is lost)"));
        assertThat(lab().taken()).hasSize(1);
        assertThat(care(Map.of(N1, Instant.EPOCH))).isEmpty();
    }

    @Test
    void aLostNodeGoesWithItsEnisOnlyIfSomebodyVouchesForIt() {
        EniId eni = attach(N1);
        says(N1, Optional.empty());
        care(Map.of());
        done(new Request.EniDetach(eni));
        String waiting = "r" + requests;
        world = Worlds.silent(world, N1);

        RequestPlanner.Answer refused = forget(false);
        RequestPlanner.Answer forgotten = forget(true);

        assertThat(refused)
                .isInstanceOfSatisfying(
                        RequestPlanner.Answer.Refuse.class,
                        refuse -> assertThat(refuse.why()).contains(eni + ", 172.20.0.1 of VPC lab", "--gone"));
        List<Change> changes = ((RequestPlanner.Answer.Commit) forgotten).changes();
        assertThat(Worlds.only(RequestChange.TakeUp.class, changes))
                .extracting(RequestChange.TakeUp::outcome)
                .containsExactly(new Outcome.Done(5_000_000, List.of(), List.of(eni + ", 172.20.0.1 of VPC lab")));
        assertThat(Worlds.only(RequestChange.Answer.class, changes))
                .containsExactly(new RequestChange.Answer(waiting, new Outcome.Done(5_000_000, List.of())));
        world = Worlds.after(world, changes);
        assertThat(lab().taken()).isEmpty();
        assertThat(world.enis()).isEmpty();
        done(attaching(N2, LAB));
    }

    private RequestPlanner.Answer forget(boolean gone) {
        Remains remains = new Remains(
                new TreeMap<>(),
                new TreeSet<>(),
                new TreeSet<>(),
                new TreeSet<>(),
                new TreeSet<>(),
                new TreeSet<>(),
                Map.of());
        return new Cleaning(world, remains, 5_000_000).forget(new Request.Forget(N1, gone), "gone");
    }

    /** Of the others on its node nothing is concluded from that. */
    @Test
    void oneWhoseNamespaceIsNotThereIsTakenBackAndOneThatLosesItStays() {
        done(new Request.VpcCreate(new VpcName("other"), Cidr.parse("172.21.0.0/24")));
        EniId eni = attach(N1);
        done(new Request.EniAttach(
                N1,
                new VpcName("other"),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.of(NamespaceFile.parse("blue"))));
        EniId handed = EniId.of("r" + requests);
        homeless(N1, 2);

        List<Outcome> outcomes = Worlds.only(RequestChange.Answer.class, care(Map.of())).stream()
                .map(RequestChange.Answer::outcome)
                .toList();

        assertThat(outcomes).hasSize(2);
        assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Done.class);
        assertThat(outcomes.getLast())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().why()).isEqualTo("gone"));
        assertThat(phase(N1, eni)).isEqualTo(Plug.Phase.ATTACHED);
        assertThat(phase(N1, handed)).isEqualTo(Plug.Phase.DETACHING);

        homeless(N1, 1);
        care(Map.of());
        assertThat(phase(N1, eni)).isEqualTo(Plug.Phase.ATTACHED);
    }

    private void homeless(NodeName node, int slot) {
        NavigableMap<NodeName, NodeEnis> enis = new TreeMap<>(world.enis());
        enis.computeIfPresent(
                node,
                (_, known) -> new NodeEnis(
                        known.plugs(),
                        Optional.of(new PlugStatus(
                                known.plugs().version(),
                                Optional.empty(),
                                List.of(new PlugStatus.Homeless(slot, "gone"))))));
        world = new World(world.nodes(), world.clusters(), world.pools(), world.vpcs(), enis, Map.of());
    }

    @Test
    void slotsAndAddressesAreGivenOnce() {
        attach(N1);
        assertThat(refused(
                        new Request.EniAttach(
                                N2, LAB, Optional.of(Ipv4.parse("172.20.0.1")), Optional.empty(), List.of()),
                        Refusal.ADDRESSES))
                .contains("is taken by ENI");
        assertThat(refused(
                        new Request.EniAttach(
                                N2, LAB, Optional.of(Ipv4.parse("172.20.0.7")), Optional.empty(), List.of()),
                        Refusal.ADDRESSES))
                .contains("not a host address");
        assertThat(refused(attaching(N1, LAB), Refusal.BUSY))
                .contains("of VPC lab in its own network namespace already", "--netns, --pid or --tap");
        done(new Request.VpcCreate(new VpcName("other"), Cidr.parse("172.21.0.0/24")));
        assertThat(refused(
                        new Request.EniAttach(N1, new VpcName("other"), Optional.empty(), Optional.of(1), List.of()),
                        Refusal.ADDRESSES))
                .contains("slot 1 of node n1 is taken");
    }

    private Request.EniAttach ofContainer(NodeName node, String id, String name) {
        return new Request.EniAttach(
                node,
                LAB,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.of(NamespaceFile.parse(id)),
                Optional.of(new Attachment("pods", id, "eth0", name)),
                List.of());
    }

    @Test
    void aContainerThatIsMadeAnewHasTheAddressThatItHadWhereverItIs() {
        done(ofContainer(N1, "first", "shop/web"));
        EniId first = EniId.of("r" + requests);
        Plug had = world.plugs(N1).of(first).orElseThrow();
        says(N1, Optional.empty());
        care(Map.of());
        assertThat(refused(ofContainer(N1, "first", "shop/web"), Refusal.BUSY))
                .isEqualTo("container " + "first/eth0" + " of node n1 has " + first);
        done(new Request.EniDetach(first));
        says(N1, Optional.empty());
        care(Map.of());

        done(ofContainer(N2, "second", "shop/web"));

        Plug has = world.plugs(N2).of(EniId.of("r" + requests)).orElseThrow();
        assertThat(has.address()).isEqualTo(had.address());
        assertThat(has.deviceThere()).isEqualTo("eth0");
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThat(refused(attaching(new NodeName("n9"), LAB), Refusal.UNKNOWN)).contains("no node n9");
        assertThat(refused(attaching(N1, new VpcName("none")), Refusal.UNKNOWN)).contains("no VPC none");
        assertThat(refused(new Request.EniDetach(EniId.of("x")), Refusal.UNKNOWN))
                .contains("no ENI");
        done(new Request.Create(ClusterSpec.of("demo", 1)));
        assertThat(refused(attaching(N2, new VpcName("demo")), Refusal.NOT_SUPPORTED))
                .contains("a cluster's own");
    }

    /** A caller chooses his request's id, and the ENI's name follows from that. */
    @Test
    void twoEnisNeverHaveOneName() {
        done(new Request.VpcCreate(new VpcName("other"), Cidr.parse("172.21.0.0/24")));
        attach(N1);
        requests--;

        assertThat(refused(attaching(N2, new VpcName("other")), Refusal.INVALID))
                .contains("another ENI is " + EniId.of("r" + requests));
        done(attaching(N2, new VpcName("other")));
    }

    private static Request.EniAttach into(NodeName node, VpcName vpc, int slot, NamespaceFile file, String device) {
        return new Request.EniAttach(
                node,
                vpc,
                Optional.empty(),
                Optional.of(slot),
                List.of(),
                Optional.of(file),
                Optional.of(new Attachment("net" + slot, "c1", device, "pod")),
                List.of());
    }

    @Test
    void twoInterfacesOfOneNameAreNotInOneNamespace() {
        done(new Request.VpcCreate(new VpcName("other"), Cidr.parse("172.21.0.0/24")));
        NamespaceFile file = NamespaceFile.parse("pod");
        done(into(N1, LAB, 1, file, "eth0"));

        assertThat(refused(into(N1, new VpcName("other"), 2, file, "eth0"), Refusal.BUSY))
                .contains("is eth0 in " + file.path() + " already");
        done(into(N1, new VpcName("other"), 2, NamespaceFile.parse("pod2"), "eth0"));
        done(new Request.VpcCreate(new VpcName("third"), Cidr.parse("172.22.0.0/24")));
        done(into(N1, new VpcName("third"), 3, file, "eth1"));
    }

    /** Each guest opens a tap of his own, whatever it is called in his machine. */
    @Test
    void guestsInterfacesMayHaveOneName() {
        done(new Request.VpcCreate(new VpcName("other"), Cidr.parse("172.21.0.0/24")));
        for (VpcName vpc : List.of(LAB, new VpcName("other"))) {
            done(new Request.EniAttach(
                    N1,
                    vpc,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.of(new GuestTap()),
                    Optional.of(new Attachment("net-" + vpc, "c1", "eth0", "guest")),
                    List.of()));
        }

        assertThat(world.plugs(N1).plugs()).extracting(Plug::deviceThere).containsExactly("eth0", "eth0");
    }

    private static Optional<EniPlace> placeOf(int dice) {
        return switch (dice) {
            case 0, 1 -> Optional.empty();
            case 2 -> Optional.of(new GuestTap());
            default -> Optional.of(NamespaceFile.parse("pod" + dice));
        };
    }

    /** Random attaches, detaches and moves in few namespaces of two nodes; guests' taps are as many as one likes. */
    @Test
    void aNodeHasAsManyEnisOfAVpcAsItHasNamespacesForThem() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            world = Worlds.free(4);
            done(new Request.VpcCreate(LAB, Cidr.parse("172.20.0.0/24")));
            for (int step = 0; step < 40; step++) {
                NodeName node = random.nextBoolean() ? N1 : N2;
                Optional<EniPlace> place = placeOf(random.nextInt(6));
                boolean free = place.equals(Optional.of(new GuestTap()))
                        || world.plugs(node).plugs().stream()
                                .noneMatch(plug -> plug.place().equals(place));
                List<EniId> rest = Stream.of(N1, N2)
                        .flatMap(each -> world.plugs(each).plugs().stream())
                        .filter(plug -> plug.phase() == Plug.Phase.ATTACHED)
                        .map(Plug::eni)
                        .toList();
                int dice = random.nextInt(8);
                if (dice == 0 && !rest.isEmpty()) {
                    done(new Request.EniDetach(rest.get(random.nextInt(rest.size()))));
                } else if (dice == 1 && !rest.isEmpty()) {
                    EniId eni = rest.get(random.nextInt(rest.size()));
                    boolean there = world.plugs(node).of(eni).isPresent();
                    assertThat(
                                    ask(new Request.EniMove(eni, node, Optional.empty(), place))
                                            instanceof RequestPlanner.Answer.Commit)
                            .as("seed %s: %s to %s of %s", seed, eni, place, node)
                            .isEqualTo(free && !there);
                } else {
                    assertThat(
                                    ask(new Request.EniAttach(
                                                    node, LAB, Optional.empty(), Optional.empty(), List.of(), place))
                                            instanceof RequestPlanner.Answer.Commit)
                            .as("seed %s: %s of %s", seed, place, node)
                            .isEqualTo(free);
                }
                if (random.nextBoolean()) {
                    says(node, Optional.empty());
                    care(Map.of());
                }
                assertThat(lab().taken()).as("seed %s", seed).doesNotHaveDuplicates();
            }
        }
    }

    /** Its runtime would not find it there. */
    @Test
    void anEniOfAContainerIsNotMoved() {
        done(into(N1, LAB, 1, NamespaceFile.parse("pod"), "eth0"));
        EniId eni = EniId.of("r" + requests);
        says(N1, Optional.empty());

        assertThat(refused(new Request.EniMove(eni, N2, Optional.empty()), Refusal.NOT_SUPPORTED))
                .contains("container");
    }

    @Test
    void whoCannotAnswerOrHasNotSaidWhatItHasGetsNoEni() {
        Node node = Worlds.node(world, "n1");
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.put(N1, new Node(node.record(), node.assignment(), node.status(), Optional.empty(), true));
        World said = world;
        world = new World(nodes, world.clusters(), world.pools(), world.vpcs(), world.enis(), world.groups(), Map.of());
        assertThat(refused(attaching(N1, LAB), Refusal.BUSY)).contains("has not said yet what it has");

        world = Worlds.silent(said, N1);
        assertThat(refused(attaching(N1, LAB), Refusal.BUSY)).contains("the agent of node n1 is gone");
    }

    @Test
    void aMemberHasEnisInItsClustersVpcButNotInItsOwnNamespace() {
        done(new Request.Create(ClusterSpec.of("demo", 1).withVpc("lab")));

        assertThat(refused(attaching(N1, LAB), Refusal.BUSY))
                .contains("has an address of VPC lab in its own network namespace still, as cluster demo")
                .contains("--netns, --pid or --tap");
        done(handing(N1, "/run/netns/a"));
        done(handing(N1, "/run/netns/b"));
        done(attaching(N2, LAB));
        EniId moved = EniId.of("r" + requests);
        says(N2, Optional.empty());
        care(Map.of());
        assertThat(refused(new Request.EniMove(moved, N1, Optional.empty()), Refusal.BUSY))
                .contains("as cluster demo");
        done(new Request.EniMove(moved, N1, Optional.empty(), Optional.of(new NamespaceFile("/run/netns/c"))));
    }

    @Test
    void aVpcIsInUseByEnisThatItsClusterHasLeftBehind() {
        done(handing(N1, "/run/netns/a"));
        EniId eni = EniId.of("r" + requests);

        assertThat(refused(new Request.VpcDelete(LAB), Refusal.BUSY)).contains("in use by ENI " + eni);
    }

    private static Request.EniAttach handing(NodeName node, String netns) {
        return new Request.EniAttach(
                node, LAB, Optional.empty(), Optional.empty(), List.of(), Optional.of(new NamespaceFile(netns)));
    }

    @Test
    void anEniIsInTheWayOfNetworksThatOverlapItsVpc() {
        EniId eni = attach(N1);

        assertThat(obstacle("n1", "172.20.0.0/24")).contains("has " + eni + " in VPC lab, 172.20.0.0/29");
        assertThat(obstacle("n1", "10.0.0.0/8")).isEmpty();
        assertThat(obstacle("n2", "172.20.0.0/24")).isEmpty();
        assertThat(EniKeeping.obstacle(
                        world, Worlds.node(world, "n1"), lab().value().network(), Cidr.parse("10.1.0.0/16")))
                .as("members of a cluster in its VPC")
                .isEmpty();
    }

    private Optional<String> obstacle(String node, String cidr) {
        return EniKeeping.obstacle(
                world,
                Worlds.node(world, node),
                VpcNetwork.of("other", new Vni(70), Cidr.parse(cidr)),
                Cidr.parse("10.1.0.0/16"));
    }

    @Test
    void aClusterTakesNodesWhoseEnisInItsVpcAreHandedOver() {
        done(handing(N1, "/run/netns/a"));

        assertThat(members(ask(new Request.Create(ClusterSpec.of("demo", 2).withVpc("lab")))))
                .containsExactly("n1", "n2");
    }

    /** It might be in the node's own network namespace. */
    @Test
    void aClusterKeepsOffANodeOfWhoseEniOnlyTheAddressIsKnown() {
        done(handing(N1, "/run/netns/a"));
        world = new World(
                world.nodes(),
                world.clusters(),
                world.pools(),
                world.vpcs(),
                new TreeMap<>(),
                world.groups(),
                Map.of());

        assertThat(members(ask(new Request.Create(ClusterSpec.of("demo", 2).withVpc("lab")))))
                .containsExactly("n2", "n3");
    }

    private static List<String> members(RequestPlanner.Answer answer) {
        assertThat(answer).isInstanceOf(RequestPlanner.Answer.Commit.class);
        return Worlds.only(ClusterChange.PublishRoster.class, ((RequestPlanner.Answer.Commit) answer).changes())
                .getFirst()
                .roster()
                .members()
                .stream()
                .map(member -> member.node().value())
                .toList();
    }

    @Test
    void aClusterKeepsOffNodesWhoseEnisAreInItsWay() {
        attach(N1);

        assertThat(members(ask(new Request.Create(ClusterSpec.of("demo", 2).withVpc("lab")))))
                .containsExactly("n2", "n3");
    }

    private void tunnelling(NodeName which, Optional<String> objection) {
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.computeIfPresent(which, (_, node) -> Worlds.tunnelling(node, objection));
        world = new World(
                nodes, world.clusters(), world.pools(), world.vpcs(), world.enis(), world.groups(), world.unread());
    }

    @Test
    void aNodeWithoutTunnelsGetsNoEniOfAnEncryptedVpcAndSaysWhy() {
        VpcName vault = new VpcName("vault");
        done(new Request.VpcCreate(vault, Cidr.parse("172.22.0.0/24"), false, Optional.empty(), true));
        tunnelling(N2, Optional.of("its kernel has no WireGuard (modprobe wireguard)"));

        assertThat(refused(attaching(N1, vault), Refusal.NOT_SUPPORTED))
                .isEqualTo("node n1 does not say whether it can have tunnels: its agent is of an older release; VPC"
                        + " vault is encrypted");
        assertThat(refused(attaching(N2, vault), Refusal.NOT_SUPPORTED))
                .isEqualTo("node n2 can have no tunnels: its kernel has no WireGuard (modprobe wireguard); VPC vault is"
                        + " encrypted");
        done(attaching(N2, LAB));
        tunnelling(N2, Optional.empty());
        done(attaching(N2, vault));
        assertThat(world.plugs(N2)
                        .of(EniId.of("r" + requests))
                        .orElseThrow()
                        .vpc()
                        .encrypted())
                .isTrue();
    }

    @Test
    void aClusterInAnEncryptedVpcTakesOnlyNodesThatCanHaveTunnels() {
        done(new Request.VpcCreate(new VpcName("vault"), Cidr.parse("172.22.0.0/24"), false, Optional.empty(), true));
        tunnelling(N1, Optional.of("its kernel has no WireGuard"));
        tunnelling(N2, Optional.empty());
        tunnelling(new NodeName("n3"), Optional.empty());

        assertThat(members(ask(new Request.Create(ClusterSpec.of("two", 2).withVpc("vault")))))
                .containsExactly("n2", "n3");
        assertThat(refused(new Request.Create(ClusterSpec.of("three", 3).withVpc("vault")), Refusal.NOT_ENOUGH_NODES))
                .contains("n1 can have no tunnels: its kernel has no WireGuard; VPC vault is encrypted");
    }

    @Test
    void whatANodeReachesByIpv6IsNotTakenByAVpc() {
        VpcName six = new VpcName("six");
        done(new Request.VpcCreate(six, Cidr.parse("172.22.0.0/24"), false, Optional.of(Cidr6.parse("fd00:22::/64"))));
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.computeIfPresent(N1, (_, node) -> Worlds.needing(node, "fd00:22::/48"));
        world = new World(
                nodes, world.clusters(), world.pools(), world.vpcs(), world.enis(), world.groups(), world.unread());

        assertThat(refused(attaching(N1, six), Refusal.ADDRESSES))
                .contains("has to reach fd00:22::/48 (its route via 10.99.0.1 on eth0), which fd00:22::/64 overlaps");
        World before = world;
        assertThat(members(ask(new Request.Create(ClusterSpec.of("demo", 1).withVpc("six")))))
                .containsExactly("n2");
        world = before;
        done(attaching(N2, six));
        assertThat(members(ask(new Request.Create(ClusterSpec.of("demo", 1))))).containsExactly("n1");
    }

    /** Until it has proved that nothing of it is left, too. */
    @Test
    void anEniDoesNotOverlapTheNetworksOfTheClusterThatItsNodeIsIn() {
        done(new Request.Create(cidrs("172.20.0.0/24", "10.70.0.0/24")));
        assertThat(refused(attaching(N1, LAB), Refusal.ADDRESSES))
                .isEqualTo("node n1 is in the VPC of cluster demo, 172.20.0.0/24; VPC lab is 172.20.0.0/29");
        done(new Request.Delete(new ClusterName("demo")));
        assertThat(refused(attaching(N1, LAB), Refusal.ADDRESSES)).contains("is in the VPC of cluster demo");
        done(attaching(N2, LAB));

        world = Worlds.free(4);
        aVpc();
        done(new Request.Create(cidrs("172.30.0.0/24", "172.20.0.0/24")));
        assertThat(refused(attaching(N1, LAB), Refusal.ADDRESSES))
                .contains("node n1 is in the segment of cluster demo; VPC lab is");
        done(attaching(N2, LAB));
    }

    private static ClusterSpec cidrs(String vpc, String segment) {
        return ClusterSpec.of("demo", 1).withCidrs(Optional.of(Cidr.parse(vpc)), Optional.of(Cidr.parse(segment)));
    }

    @Test
    void aNodeIsNotInTwoVpcsThatOverlap() {
        VpcName other = new VpcName("other");
        done(new Request.VpcCreate(other, Cidr.parse("172.20.0.0/28")));
        EniId eni = attach(N1);

        assertThat(refused(attaching(N1, other), Refusal.ADDRESSES))
                .contains("node n1 has " + eni + " in VPC lab, 172.20.0.0/29; VPC other is 172.20.0.0/28");
        done(attaching(N2, other));
    }

    @Test
    void aNodeWhoseUnderlayCarriesLessThanTheVpcGetsNoEniThere() {
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.computeIfPresent(N1, (_, node) -> Worlds.withMtus(node, 1400, 4200));
        world = new World(
                nodes, world.clusters(), world.pools(), world.vpcs(), world.enis(), world.groups(), world.unread());

        assertThat(refused(attaching(N1, LAB), Refusal.ADDRESSES)).contains("node n1 has MTU 1400 on eth0");
        done(attaching(N2, LAB));
    }

    @Test
    void oneThatIsDetachedBeforeItIsThereIsNotWaitedForAnyMore() {
        EniId eni = attach(N1);
        String waiting = "r" + requests;
        assertThat(refused(new Request.EniMove(eni, N2, Optional.empty()), Refusal.BUSY))
                .contains(eni + " is being attached");

        RequestPlanner.Answer answer = ask(new Request.EniDetach(eni));

        assertThat(Worlds.only(RequestChange.Answer.class, ((RequestPlanner.Answer.Commit) answer).changes()))
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.request()).isEqualTo(waiting);
                    assertThat(told.outcome())
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    failed -> assertThat(failed.failure().why())
                                            .isEqualTo("another client detached it meanwhile"));
                });
        assertThat(Worlds.only(RequestChange.TakeUp.class, ((RequestPlanner.Answer.Commit) answer).changes()))
                .extracting(RequestChange.TakeUp::outcome)
                .containsExactly(new Outcome.InProgress(5_000_000));
        assertThat(phase(N1, eni)).isEqualTo(Plug.Phase.DETACHING);
        assertThat(refused(new Request.EniDetach(eni), Refusal.BUSY)).contains("is being detached already");
    }

    @Test
    void anEniGetsTheFirstFreeSlotOrTheOneThatIsAskedForOfThirtyOne() {
        assertThat(slot(handing(N1, "/run/netns/a"))).isEqualTo(1);
        assertThat(slot(new Request.EniAttach(
                        N1,
                        LAB,
                        Optional.empty(),
                        Optional.of(31),
                        List.of(),
                        Optional.of(new NamespaceFile("/run/netns/b")))))
                .isEqualTo(31);
        assertThat(slot(handing(N1, "/run/netns/c"))).isEqualTo(2);
    }

    private int slot(Request.EniAttach attach) {
        done(attach);
        return world.plugs(N1).of(EniId.of("r" + requests)).orElseThrow().slot();
    }

    @Test
    void whatANodeHasAnsweredCountsThoughItIsLostNow() {
        EniId eni = attach(N1);
        says(N1, Optional.empty());

        assertThat(outcome(care(Map.of(N1, Instant.EPOCH)))).isInstanceOf(Outcome.Done.class);
        assertThat(phase(N1, eni)).isEqualTo(Plug.Phase.ATTACHED);
    }

    @Test
    void whoIsLostBeforeItHasAttachedAnEniDoesNotGetItLater() {
        EniId eni = attach(N1);

        assertThat(outcome(care(Map.of(N1, Instant.EPOCH))))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().why()).isEqualTo("the node is lost"));
        assertThat(phase(N1, eni)).isEqualTo(Plug.Phase.DETACHING);
    }

    /** Its address would be given to another, and stand in the VPC twice. */
    @Test
    void nothingIsForgottenOfAnEniWhoseVpcCannotBeRead() {
        EniId eni = attach(N1);
        done(new Request.EniDetach(eni));
        says(N1, Optional.empty());
        World readable = world;
        world = new World(
                world.nodes(),
                world.clusters(),
                world.pools(),
                world.vpcs(),
                world.enis(),
                world.groups(),
                Map.of("/scc/vpcs/lab/eni-00000001", "is nonsense"));

        assertThat(care(Map.of())).isEmpty();
        world = readable;
        assertThat(care(Map.of())).isNotEmpty();
        assertThat(world.plugs(N1).plugs()).isEmpty();
    }

    /** One that waits must not keep those behind it waiting. */
    @Test
    void eachNodeIsHeardWhateverTheOthersDo() {
        attach(N1);
        EniId second = attach(N2);
        says(N2, Optional.empty());

        assertThat(outcome(care(Map.of()))).isInstanceOf(Outcome.Done.class);
        assertThat(phase(N2, second)).isEqualTo(Plug.Phase.ATTACHED);
    }

    /** There is nothing left of it that could have a place. */
    @Test
    void oneThatIsDetachedNeedsNoNamespace() {
        EniId eni = attach(N1);
        says(N1, Optional.empty());
        care(Map.of());
        done(new Request.EniDetach(eni));
        homeless(N1, 1);

        assertThat(outcome(care(Map.of()))).isEqualTo(new Outcome.Done(5_000_000, List.of()));
        assertThat(world.plugs(N1).plugs()).isEmpty();
    }

    @Test
    void anEniDoesNotTakeThePlaceOfWhatItsNodeHasToReach() {
        NavigableMap<NodeName, Node> nodes = new TreeMap<>(world.nodes());
        nodes.computeIfPresent(N1, (_, node) -> Worlds.needing(node, "172.20.0.0/16"));
        world = new World(
                nodes, world.clusters(), world.pools(), world.vpcs(), world.enis(), world.groups(), world.unread());

        assertThat(refused(attaching(N1, LAB), Refusal.ADDRESSES)).contains("node n1 has to reach 172.20.0.0/16");
        done(attaching(N2, LAB));
    }

    /** Packets of all VPCs go there. */
    @Test
    void aVpcThatCoversAnyNodesAddressIsNotForEnis() {
        world = Worlds.of();
        VpcName far = new VpcName("far");
        done(new Request.VpcCreate(far, Cidr.parse("10.99.1.0/24")));
        World nodes = Worlds.of(
                Worlds.node(200, new Assignment.Free(1, 0), true), Worlds.node(400, new Assignment.Free(1, 0), true));
        world = new World(
                nodes.nodes(), world.clusters(), world.pools(), world.vpcs(), world.enis(), world.groups(), Map.of());

        assertThat(refused(attaching(new NodeName("n400"), far), Refusal.ADDRESSES))
                .contains("covers 10.99.1.10, a node's address");
    }

    @Test
    void aClustersOwnNetworksDoNotOverlapTheVpcsOfEnisOnItsNodes() {
        EniId eni = attach(N1);
        Optional<Cidr> over = Optional.of(Cidr.parse("172.20.0.0/24"));

        for (ClusterSpec spec : List.of(
                ClusterSpec.of("demo", 4).withCidrs(over, Optional.empty()),
                ClusterSpec.of("demo", 4).withCidrs(Optional.empty(), over))) {
            assertThat(refused(new Request.Create(spec), Refusal.ADDRESSES))
                    .contains("overlaps 172.20.0.0/29, the VPC of " + eni + " on node n1");
        }
        assertThat(members(ask(new Request.Create(ClusterSpec.of("demo", 3).withCidrs(over, Optional.empty())))))
                .containsExactly("n2", "n3", "n4");
    }

    /** Nodes of the cluster could have no ENIs there, and none of those that are there could join it. */
    @Test
    void aClustersOwnNetworksAvoidThoseOfVpcsThatLiveByThemselves() {
        done(new Request.VpcCreate(new VpcName("wide"), Cidr.parse("172.16.0.0/16")));
        done(new Request.VpcCreate(new VpcName("ten"), Cidr.parse("10.70.0.0/24")));

        done(new Request.Create(ClusterSpec.of("demo", 1)));

        assertThat(world.pools().value().networks().values()).singleElement().satisfies(taken -> {
            assertThat(taken.vpcCidr()).hasToString("172.17.0.0/20");
            assertThat(taken.rdmaCidr()).hasToString("10.0.0.0/24");
        });
    }

    @Test
    void aClusterKeepsOffNodesWhoseEnisAreInAVpcThatOverlapsItsOwn() {
        VpcName other = new VpcName("other");
        done(new Request.VpcCreate(other, Cidr.parse("172.20.0.0/28")));
        done(attaching(N1, other));

        assertThat(members(ask(new Request.Create(ClusterSpec.of("demo", 2).withVpc("lab")))))
                .containsExactly("n2", "n3");
    }
}
