package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.Repair;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.ForwardingTree;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.DurableText;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.MemoryText;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.HandedLink;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.Machine;
import dev.scc.host.net.MemoryMachine;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import dev.scc.host.net.Step;
import dev.scc.host.net.StepFailed;
import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent, pass by pass, on a machine and a tree in memory into which the test writes what a controller would. */
class AgentPassTest {
    /** As said of a node that has no RDMA device. */
    private static final NodeStatus.State CLEAN =
            new NodeStatus.Clean(Optional.empty(), Optional.of("the node has no RDMA device"));

    private static final NodeName NODE = new NodeName("n1");
    private static final Alive MACHINE = Alive.at("instance", Ipv4.parse("10.99.0.1"));
    private static final ClusterName CLUSTER = new ClusterName("demo");
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final VpcRecord LAB =
            new VpcRecord(new VpcName("lab"), new Vni(5000), Cidr.parse("172.20.0.0/24"), 1450, Optional.empty(), 1);
    private static final Duration RETRY = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofSeconds(15);
    private static final String ENI0 = "link:eni0";
    private static final String ENI1 = "link:eni1";
    private static final String ENI2 = "link:eni2";

    private final MemoryTree tree = new MemoryTree();
    private final Spaces machine = new Spaces();
    private final Device device = new Device();
    private final Disk disk = new Disk();
    private final List<KnownNames> names = new ArrayList<>();
    private Instant now = BEGIN;
    private String has = "6.1.0";
    private int looks;
    private int news;
    /** What happens while the node is looked at. */
    private Runnable meanwhile = () -> {};

    /** Networks of a cluster take the place of the way to the servers. */
    private boolean cut;

    /** What happens while entries are read. */
    private Runnable whileRead = () -> {};

    private Agent agent = started();

    /** A machine on which somebody may make and remove network namespaces. */
    private static final class Spaces implements Machine {
        private final MemoryMachine real = new MemoryMachine(List.of("eth0", "eth1"));
        private final Set<String> spaces = new HashSet<>();
        private int steps;

        @Override
        public NetState observe() {
            return real.observe();
        }

        @Override
        public void apply(List<Step> todo) throws StepFailed {
            steps += todo.size();
            real.apply(todo);
        }

        @Override
        public Optional<String> objection(String namespace) {
            return spaces.contains(namespace) ? Optional.empty() : Optional.of("no such file");
        }

        @Override
        public Optional<String> handOver(HandedLink link, boolean again) {
            real.hand(link);
            return objection(link.namespace());
        }

        Set<String> keys() {
            return observe().objects().keySet();
        }

        /** Somebody else removes it, and what sits on it. */
        void lose(String key) throws StepFailed {
            real.apply(observe().objects().values().stream()
                    .filter(object -> object.key().equals(key))
                    .<Step>map(Step.Remove::new)
                    .toList());
        }

        void refuse(Predicate<String> keys) {
            real.refuse(step -> keys.test(step.object().key()));
        }
    }

    /** An RDMA device that somebody may remove. */
    private static final class Device implements NodeNetwork {
        private List<String> gone = List.of();
        private boolean stays;
        private int mended;

        @Override
        public ClusterNetworks networks() {
            return new ClusterNetworks("eth0");
        }

        @Override
        public Optional<NodeStatus.SegmentAddress> reached(Roster roster, NodeName self) {
            return Optional.empty();
        }

        @Override
        public List<String> mend() throws CommandFailed {
            mended++;
            if (stays) {
                throw new CommandFailed("it does not come back");
            }
            List<String> back = gone;
            gone = List.of();
            return back;
        }
    }

    /** What the ledger is written to, until it is full. */
    private static final class Disk implements DurableText {
        private final MemoryText real = new MemoryText("ledger");
        private boolean full;

        @Override
        public String name() {
            return real.name();
        }

        @Override
        public Optional<byte[]> read() {
            return real.read();
        }

        @Override
        public void write(String text) throws IOException {
            if (full) {
                throw new IOException("no space left");
            }
            real.write(text);
        }
    }

    private Agent started() {
        Agent started = new Agent(
                new ForwardingTree(tree) {
                    @Override
                    public void sync() throws ConnectionLost, InterruptedException {
                        if (cut) {
                            throw new ConnectionLost("cut off", new IOException("no route"));
                        }
                        super.sync();
                    }

                    @Override
                    public Map<String, Entry> get(Collection<String> paths)
                            throws ConnectionLost, InterruptedException {
                        if (cut && machine.keys().contains(ENI0)) {
                            throw new ConnectionLost("cut off", new IOException("no route"));
                        }
                        Map<String, Entry> found = super.get(paths);
                        whileRead.run();
                        return found;
                    }
                },
                TreeTexts.ofOneAgent(),
                new Identity(NODE, MACHINE.instance(), MACHINE.underlay(), "", "eth1", "test"),
                machine,
                device,
                this::look,
                new Ledger<>(disk, Roster.class),
                List.of(),
                () -> now,
                () -> Duration.between(BEGIN, now).toNanos());
        started.onNews(() -> news++);
        started.onNames(names::add);
        return started;
    }

    private NodeInventory look() {
        looks++;
        meanwhile.run();
        return NodeInventory.of(
                has,
                1,
                1,
                List.of(
                        new Nic("eth0", "52:54:00:00:00:01", 1500, "UP", List.of("10.99.0.1/16")),
                        new Nic("eth1", "52:54:00:00:00:02", 1500, "UP", List.of())),
                List.of());
    }

    @BeforeEach
    void enrol() throws Exception {
        tree.put(Paths.node(NODE), Json.write(NodeRecord.enrolled(NODE, MACHINE)));
        assign(new Assignment.Leave(1, CLUSTER, 7));
        settle();
        assertThat(state()).isEqualTo(CLEAN);
    }

    private void assign(Assignment assignment) {
        tree.put(Paths.assign(NODE), Json.write(assignment));
    }

    /** Its own entries are news to it, a few passes long. */
    private void settle() throws Exception {
        for (int pass = 0; pass < 4; pass++) {
            agent.run();
        }
        tree.taken();
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private NodeStatus status() {
        return tree.get(Paths.status(NODE)).orElseThrow().read(NodeStatus.class);
    }

    private NodeStatus.State state() {
        return status().state();
    }

    private Inventory inventory() {
        return tree.get(Paths.inventory(NODE)).orElseThrow().read(Inventory.class);
    }

    private List<String> repaired() {
        return inventory().repaired().map(Repair::what).orElse(List.of());
    }

    private PlugStatus plugged() {
        return tree.get(Paths.plugged(NODE)).orElseThrow().read(PlugStatus.class);
    }

    private static Roster roster(VpcNetwork vpc) {
        return new Roster(
                CLUSTER,
                1,
                2,
                vpc,
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")),
                List.of(new Member(
                        NODE,
                        MACHINE.underlay(),
                        "a:7070",
                        Ipv4.parse(vpc.cidr().base().plus(2).toString()),
                        Ipv4.parse("10.70.0.2"),
                        "",
                        "eth1")));
    }

    /** It becomes the only member of a cluster. */
    private void serve() {
        serve(VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")));
    }

    private void serve(VpcNetwork vpc) {
        tree.put(Paths.roster(CLUSTER, 1), Json.write(roster(vpc)));
        assign(new Assignment.Serve(2, CLUSTER, 1, 70));
    }

    private static Plug plug(int slot, VpcNetwork vpc, Optional<EniPlace> place) {
        return new Plug(
                EniId.of("r" + slot),
                vpc,
                Ipv4.parse("172.20.0." + slot),
                slot,
                Plug.Phase.ATTACHED,
                Optional.empty(),
                Optional.empty(),
                place);
    }

    private static Plug own(int slot) {
        return plug(slot, LAB.network(), Optional.empty());
    }

    private static Plug handed(int slot) {
        return plug(slot, LAB.network(), Optional.of(NamespaceFile.parse("blue")));
    }

    private void want(Plug... plugs) {
        tree.put(Paths.vpc(LAB.name()), Json.write(LAB));
        for (Plug plug : plugs) {
            Holding holding = new Holding(
                    "ENI " + plug.eni(), List.of(new VpcMember(NODE, MACHINE.underlay(), plug.address())), List.of());
            tree.put(Paths.holding(LAB.name(), plug.eni().value()), Json.write(holding));
        }
        tree.put(Paths.plugs(NODE), Json.write(new NodePlugs(List.of(plugs))));
    }

    @Test
    void whoElseComesIntoAVpcIsNews() throws Exception {
        want(own(1));
        settle();
        news = 0;

        tree.put(
                Paths.holding(LAB.name(), "eni-0a1b2c3d"),
                Json.write(new Holding(
                        "ENI eni-0a1b2c3d",
                        List.of(new VpcMember(new NodeName("n2"), Ipv4.parse("10.99.0.2"), Ipv4.parse("172.20.0.77"))),
                        List.of())));

        assertThat(news).isEqualTo(1);
    }

    @Test
    void whatItServesIsKnownBeforeTheTreeHasAnswered() throws Exception {
        serve();
        settle();
        Agent next = started();
        assertThat(next.served()).isEmpty();

        next.recall();

        assertThat(next.served().map(ServedCluster::roster).map(Roster::cluster))
                .contains(CLUSTER);
    }

    @Test
    void afterTheConnectionWasAwayWhatIsRememberedIsReadAgain() throws Exception {
        serve();
        settle();
        agent.run();
        assertThat(tree.taken()).doesNotContain(Paths.status(NODE), Paths.roster(CLUSTER, 1));

        tree.doubt();
        agent.run();

        assertThat(tree.taken()).contains(Paths.status(NODE), Paths.roster(CLUSTER, 1), Paths.node(NODE));
    }

    @Test
    void itsOwnEntriesAreNotReadAgainWhileNothingHappens() throws Exception {
        tree.taken();

        agent.run();

        assertThat(tree.taken()).containsExactly(Paths.assign(NODE), Paths.plugs(NODE));
    }

    @Test
    void whatNobodyWantsOnTheNodeIsFoundAndRemoved() throws Exception {
        serve();
        settle();
        assertThat(agent.leftovers(false)).isEmpty();
        Set<String> built = Set.copyOf(machine.keys());
        machine.real.apply(List.of(new Step.Add(
                new NetObject.Link("eth1.99", "gone", new LinkKind.Vlan("eth1", 99), 1500, Optional.empty()))));

        assertThat(agent.leftovers(false)).extracting(NodeLeftover::what).containsExactly("link:eth1.99");
        assertThat(machine.keys()).contains("link:eth1.99");
        assertThat(agent.leftovers(true)).extracting(NodeLeftover::what).containsExactly("link:eth1.99");
        assertThat(machine.keys()).isEqualTo(built);
    }

    @Test
    void whatIsHalfBuiltIsLookedAtOftenLestItIsTakenForWhatCutsTheNodeOff() throws Exception {
        machine.real.refuse(
                step -> step instanceof Step.Remove || step.object().key().startsWith("addr:"));
        serve();

        assertThat(agent.run()).isEqualTo(RETRY);
        assertThat(state()).isInstanceOf(NodeStatus.StepFailed.class);
    }

    @Test
    void aServerIsAskedBeforeItIsSaidThatWhatIsNewIsThere() throws Exception {
        int before = tree.syncs();
        serve();

        assertThat(agent.run()).isGreaterThan(LONG);
        assertThat(tree.syncs()).isEqualTo(before + 1);

        agent.run();
        assertThat(tree.syncs()).as("it is not on trial any more").isEqualTo(before + 1);
    }

    @Test
    void whatTheNodeHasIsLookedAtAnewBeforeAClusterIsBuilt() throws Exception {
        int before = looks;
        serve();
        has = "6.2.0";

        agent.run();
        assertThat(looks).isEqualTo(before + 1);
        agent.run();
        assertThat(inventory().has().kernel()).isEqualTo("6.2.0");
        int reported = looks;
        agent.run();
        assertThat(looks).as("it serves that cluster already").isEqualTo(reported);

        assign(new Assignment.Leave(3, CLUSTER, 70));
        agent.run();
        assertThat(looks).as("whoever leaves needs nothing").isEqualTo(reported);
    }

    @Test
    void aRosterThatIsNotThereIsWaitedFor() throws Exception {
        assign(new Assignment.Serve(2, CLUSTER, 1, 70));

        assertThat(agent.run()).isEqualTo(Duration.ofSeconds(1));
        assertThat(status().assignment()).isZero();

        tree.put(
                Paths.roster(CLUSTER, 1),
                Json.write(roster(VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")))));
        agent.run();
        assertThat(state()).isInstanceOf(NodeStatus.Reached.class);
    }

    /** What becomes of it is first of all the controller's decision. */
    @Test
    void whatCouldNotBeBuiltIsTriedAgainMuchLaterAndWhatCouldNotBeRepairedSoon() throws Exception {
        machine.refuse(ENI0::equals);
        serve();
        assertThat(agent.run()).isGreaterThan(LONG);
        machine.refuse(_ -> false);
        pass(Duration.ofSeconds(30));
        agent.run();
        agent.run();
        assertThat(state()).isInstanceOf(NodeStatus.Reached.class);

        machine.lose(ENI0);
        machine.refuse(ENI0::equals);
        assertThat(agent.run()).isEqualTo(RETRY);
        assertThat(state()).isInstanceOf(NodeStatus.StepFailed.class);
        machine.refuse(_ -> false);
        pass(RETRY.minusMillis(1));
        assertThat(agent.run()).isEqualTo(Duration.ofMillis(1));
        assertThat(machine.keys()).doesNotContain(ENI0);
        pass(Duration.ofMillis(1));
        agent.run();
        assertThat(machine.keys()).contains(ENI0);
    }

    @Test
    void whatCouldNotBeTakenBackIsTriedAgainSoon() throws Exception {
        serve();
        settle();
        machine.refuse(ENI0::equals);
        assign(new Assignment.Leave(3, CLUSTER, 70));

        assertThat(agent.run()).isEqualTo(RETRY);
        machine.refuse(_ -> false);
        pass(RETRY);
        agent.run();

        assertThat(state()).isEqualTo(CLEAN);
        assertThat(machine.keys()).isEmpty();
    }

    /** Whoever plugs in the cable that was missing does not wait for half a minute. */
    @Test
    void whatFailedIsTriedAgainASecondLaterWhenSomethingHasChangedThatIsNotOurs() throws Exception {
        machine.refuse(ENI0::equals);
        serve();
        agent.run();
        machine.refuse(_ -> false);
        agent.doubtInventory();

        pass(Duration.ofMillis(999));
        assertThat(agent.run()).isEqualTo(Duration.ofMillis(1));
        assertThat(state()).isInstanceOf(NodeStatus.StepFailed.class);
        pass(Duration.ofMillis(1));
        agent.run();

        assertThat(state()).isInstanceOf(NodeStatus.Reached.class);
    }

    @Test
    void whatMayHaveChangedIsLookedAtInTheNextPass() throws Exception {
        int before = looks;
        agent.doubtInventory();

        agent.run();

        assertThat(looks).isEqualTo(before + 1);
    }

    /** They are others', and the cluster's part may never be built. */
    @Test
    void anEniDoesNotWaitForAClusterThatCannotBeBuilt() throws Exception {
        want(own(1));
        settle();
        machine.refuse(ENI0::equals);
        serve();
        agent.run();
        int failed = machine.steps;
        agent.run();
        assertThat(machine.steps).as("it is not tried again yet").isEqualTo(failed);

        want(own(1));
        agent.run();

        assertThat(machine.steps).isGreaterThan(failed);
    }

    @Test
    void anEniIsAttachedAndSaidToBeAndGoesWithItsEntry() throws Exception {
        want(own(1));

        assertThat(agent.run()).isGreaterThan(LONG);
        assertThat(machine.keys()).contains(ENI1);
        assertThat(plugged()).isEqualTo(new PlugStatus(0, Optional.empty()));

        want();
        agent.run();
        assertThat(machine.keys()).isEmpty();
        assertThat(plugged()).isEqualTo(new PlugStatus(1, Optional.empty()));
    }

    @Test
    void anEniThatCannotBeAttachedIsTriedAgainSoon() throws Exception {
        machine.refuse(ENI1::equals);
        want(own(1));

        assertThat(agent.run()).isEqualTo(RETRY);
        assertThat(plugged().failed()).isPresent();
        machine.refuse(_ -> false);
        assertThat(agent.run()).isGreaterThan(LONG);
        assertThat(plugged().failed()).isEmpty();
    }

    @Test
    void aNodeWithEnisElsewhereLooksOftenWhetherTheirNamespacesAreThere() throws Exception {
        want(handed(1), own(2));

        assertThat(agent.run()).isEqualTo(RETRY);
        assertThat(plugged().homeless()).containsExactly(new PlugStatus.Homeless(1, "no such file"));
        assertThat(machine.keys()).contains(ENI2).doesNotContain(ENI1);

        machine.spaces.add("/run/netns/blue");
        assertThat(agent.run()).isEqualTo(RETRY);
        assertThat(plugged().homeless()).isEmpty();
        assertThat(machine.keys()).contains(ENI1);
        assertThat(machine.real.handed()).containsKey("eni1");
    }

    /** Whoever removes a container's namespace has removed what was in it, and nothing of it has to be mended. */
    @Test
    void whatWentWithItsNamespaceIsNoDamage() throws Exception {
        machine.spaces.add("/run/netns/blue");
        want(handed(1));
        settle();
        assertThat(machine.keys()).contains(ENI1);
        machine.spaces.clear();
        machine.lose(ENI1);

        settle();

        assertThat(machine.keys()).doesNotContain(ENI1);
        assertThat(plugged().homeless()).hasSize(1);
        assertThat(repaired()).isEmpty();
    }

    @Test
    void anAgentThatIsStartedAnewTouchesNeitherTheClusterNorTheEnis() throws Exception {
        serve();
        want(own(1));
        settle();
        assertThat(machine.keys()).contains(ENI0, ENI1);
        int before = machine.steps;
        Agent next = started();
        next.recall();
        agent = next;

        settle();

        assertThat(machine.steps).isEqualTo(before);
        assertThat(plugged()).isEqualTo(new PlugStatus(0, Optional.empty()));
        assertThat(repaired()).isEmpty();
    }

    /** After older data of the servers were restored. */
    @Test
    void enisThatAreInTheWayOfAClusterGoFirst() throws Exception {
        want(own(1));
        settle();
        want();
        serve(LAB.network());

        agent.run();

        assertThat(state()).isInstanceOf(NodeStatus.Reached.class);
        assertThat(machine.keys()).contains(ENI0).doesNotContain(ENI1);
    }

    @Test
    void enisThatNobodyUnderstandsStayAsTheyAre() throws Exception {
        want(own(1));
        settle();
        tree.put(Paths.plugs(NODE), "nonsense");

        assertThat(agent.run()).isGreaterThan(LONG);

        assertThat(machine.keys()).contains(ENI1);
        assertThat(plugged()).isEqualTo(new PlugStatus(0, Optional.empty()));
    }

    @Test
    void namesAreKeptWhereTheNetworksAreAndNotWhereTheyFailed() throws Exception {
        names.clear();
        machine.refuse(ENI0::equals);
        serve();
        agent.run();
        assertThat(names).isEmpty();

        machine.refuse(_ -> false);
        pass(Duration.ofSeconds(30));
        agent.run();
        agent.run();

        assertThat(names.getLast().here()).containsOnlyKeys("n1.demo");
    }

    @Test
    void whatIsRepairedWithinAFewSecondsIsToldTogetherAndOnce() throws Exception {
        serve();
        want(own(1));
        settle();
        assertThat(repaired()).isEmpty();

        machine.lose(ENI0);
        settle();
        List<String> first = repaired();
        assertThat(first).contains(ENI0).doesNotContain(ENI1);
        assertThat(machine.keys()).contains(ENI0);

        pass(Duration.ofMillis(4_999));
        machine.lose(ENI1);
        settle();
        List<String> both = repaired();
        assertThat(both).contains(ENI1).endsWith(first.toArray(String[]::new)).doesNotHaveDuplicates();

        machine.lose(ENI1);
        settle();
        assertThat(repaired()).containsExactlyInAnyOrderElementsOf(both);

        pass(Duration.ofSeconds(5));
        machine.lose(ENI0);
        settle();
        assertThat(repaired()).contains(ENI0).doesNotContain(ENI1);
        assertThat(inventory().repaired().map(Repair::at)).contains(now.toEpochMilli());
    }

    /** A node that was built a moment ago has not been repaired. */
    @Test
    void whatIsBuiltAfterAFailureIsNoRepair() throws Exception {
        serve();
        settle();
        machine.lose(ENI0);
        machine.refuse(ENI0::equals);
        agent.run();
        machine.refuse(_ -> false);
        pass(RETRY);

        settle();

        assertThat(machine.keys()).contains(ENI0);
        assertThat(repaired()).isEmpty();
    }

    @Test
    void aDeviceThatIsGoneIsBroughtBackWhenTheNodeIsLookedAtAndThatIsTold() throws Exception {
        device.gone = List.of("rdma:rxe0");
        int before = device.mended;
        agent.run();
        assertThat(device.mended).isEqualTo(before);

        pass(Duration.ofSeconds(30));
        settle();

        assertThat(device.gone).isEmpty();
        assertThat(repaired()).containsExactly("rdma:rxe0");
    }

    @Test
    void aDeviceThatDoesNotComeBackKeepsNobodyFromLooking() throws Exception {
        device.stays = true;
        pass(Duration.ofSeconds(30));
        int before = looks;

        settle();

        assertThat(looks).isEqualTo(before + 1);
        assertThat(repaired()).isEmpty();
    }

    /** Another machine may have become the node meanwhile. */
    @Test
    void whoseRecordChangesWhileItLooksAtItselfMakesSureOfItAgain() throws Exception {
        String record = Paths.node(NODE);
        meanwhile = () -> tree.put(record, Json.write(NodeRecord.enrolled(NODE, MACHINE)));
        pass(Duration.ofSeconds(30));
        agent.run();
        meanwhile = () -> {};
        tree.taken();

        agent.run();
        assertThat(tree.taken()).contains(record);

        agent.run();
        assertThat(tree.taken()).doesNotContain(record);
    }

    @Test
    void anAgentThatCannotKeepItsLedgerBuildsNothingAndSaysSoAfterAWhile() throws Exception {
        disk.full = true;
        serve();

        assertThat(agent.run()).isEqualTo(RETRY);
        pass(Duration.ofMillis(4_999));
        agent.run();
        assertThat(status().assignment()).isZero();
        pass(Duration.ofMillis(1));
        assertThat(agent.run()).isEqualTo(RETRY);
        assertThat(state()).isEqualTo(new NodeStatus.StepFailed("keep the ledger", "no space left", List.of()));
        assertThat(machine.keys()).isEmpty();

        disk.full = false;
        pass(Duration.ofSeconds(30));
        agent.run();
        assertThat(state()).isInstanceOf(NodeStatus.Reached.class);
    }

    @Test
    void aRosterThatIsNoneIsSaidToBeAndNotLookedAtAllTheTime() throws Exception {
        tree.put(Paths.roster(CLUSTER, 1), "nonsense");
        assign(new Assignment.Serve(2, CLUSTER, 1, 70));

        assertThat(agent.run()).isGreaterThan(LONG);

        assertThat(state())
                .asInstanceOf(type(NodeStatus.StepFailed.class))
                .satisfies(failed -> assertThat(failed.step()).isEqualTo("read the roster"));
    }

    /** That is over with the next assignment. */
    @Test
    void whatFailedBeforeKeepsNobodyFromRepairing() throws Exception {
        machine.refuse(ENI0::equals);
        serve();
        agent.run();
        machine.refuse(_ -> false);
        serve();
        settle();
        assertThat(state()).isInstanceOf(NodeStatus.Reached.class);

        machine.lose(ENI0);
        agent.run();

        assertThat(machine.keys()).contains(ENI0);
    }

    /** Once the cluster's networks are there. */
    @Test
    void aNewEniDoesNotComeBeforeItsNodesCluster() throws Exception {
        machine.refuse(ENI0::equals);
        serve();
        want(own(1));

        agent.run();
        assertThat(machine.keys()).isEmpty();
        assertThat(tree.get(Paths.plugged(NODE))).isEmpty();

        machine.refuse(_ -> false);
        pass(Duration.ofSeconds(30));
        settle();
        assertThat(machine.keys()).contains(ENI0, ENI1);
    }

    /** Another one may build the same networks at this moment. */
    @Test
    void aMachineThatIsTheNodeNoLongerObeysNothing() throws Exception {
        serve();
        whileRead = () -> tree.put(
                Paths.node(NODE), Json.write(NodeRecord.enrolled(NODE, Alive.at("another", Ipv4.parse("10.99.0.9")))));

        agent.run();

        assertThat(machine.keys()).isEmpty();
    }

    @Test
    void aClusterThatEnisAreInTheWayOfIsNotBuiltWhileNobodyUnderstandsWhichAreWanted() throws Exception {
        want(own(1));
        settle();
        tree.put(Paths.plugs(NODE), "nonsense");
        serve(LAB.network());

        agent.run();

        assertThat(state())
                .asInstanceOf(type(NodeStatus.StepFailed.class))
                .satisfies(failed -> assertThat(failed.step()).isEqualTo("plan"));
        assertThat(machine.keys()).contains(ENI1).doesNotContain(ENI0);
    }

    @Test
    void whoIsNotEnrolledAsksToBeAndLooksAgainSoon() throws Exception {
        tree.remove(Paths.node(NODE));

        assertThat(agent.run()).isEqualTo(Duration.ofSeconds(1));
        assertThat(agent.run()).isEqualTo(Duration.ofSeconds(1));

        assertThat(tree.get(Paths.enrol(NODE))).isPresent();
    }

    private NetObject.Link stray() throws StepFailed {
        NetObject.Link stray =
                new NetObject.Link("eth1.99", "gone", new LinkKind.Vlan("eth1", 99), 1500, Optional.empty());
        machine.real.apply(List.of(new Step.Add(stray)));
        return stray;
    }

    /** Or it could never be given out again. */
    @Test
    void whatNobodyWantsGoesFromAFreeNodeThoughItsEniCannotBeRepaired() throws Exception {
        want(own(1));
        settle();
        NetObject.Link stray = stray();
        machine.lose(ENI1);
        machine.refuse(ENI1::equals);

        agent.run();

        assertThat(state()).isInstanceOf(NodeStatus.StepFailed.class);
        assertThat(machine.keys()).doesNotContain(stray.key());
    }

    @Test
    void whereAClusterCannotBeBuiltOrRepairedAllIsAsItWas() throws Exception {
        NetObject.Link stray = stray();
        machine.refuse(ENI0::equals);
        serve();
        agent.run();
        assertThat(state()).isInstanceOf(NodeStatus.StepFailed.class);
        assertThat(machine.keys()).containsExactly(stray.key());

        machine.refuse(_ -> false);
        serve();
        settle();
        assertThat(machine.keys()).contains(ENI0).doesNotContain(stray.key());
        stray();
        machine.lose(ENI0);
        machine.refuse(ENI0::equals);
        agent.run();
        assertThat(machine.keys()).contains(stray.key());
    }

    @Test
    void anEniThatSomebodyElseHasTakenAwayIsRepairedAndToldOnANodeInNoCluster() throws Exception {
        want(own(1));
        settle();
        assertThat(inventory().repaired()).isEmpty();
        machine.lose(ENI1);

        settle();

        assertThat(machine.keys()).contains(ENI1);
        assertThat(repaired()).contains(ENI1);
    }

    /** It may have gone with the power of the node. */
    @Test
    void anEniThatIsNotThereWhenItsAgentBeginsIsNotToldToBeRepaired() throws Exception {
        want(own(1));
        settle();
        machine.lose(ENI1);
        agent = started();
        agent.recall();

        settle();

        assertThat(machine.keys()).contains(ENI1);
        assertThat(inventory().repaired()).isEmpty();
    }

    @Test
    void whatGoesWithTheClusterIsNoRepair() throws Exception {
        serve();
        want(own(1));
        settle();
        assign(new Assignment.Leave(3, CLUSTER, 70));

        settle();

        assertThat(machine.keys()).contains(ENI1).doesNotContain(ENI0);
        assertThat(inventory().repaired()).isEmpty();
    }

    @Test
    void whereNothingIsNewNothingIsSaidAnew() throws Exception {
        serve();
        want(own(1));
        settle();
        int status = tree.get(Paths.status(NODE)).orElseThrow().version();
        int plugged = tree.get(Paths.plugged(NODE)).orElseThrow().version();

        pass(Duration.ofSeconds(30));
        settle();

        assertThat(tree.get(Paths.status(NODE)).orElseThrow().version()).isEqualTo(status);
        assertThat(tree.get(Paths.plugged(NODE)).orElseThrow().version()).isEqualTo(plugged);
        assertThat(inventory().repaired()).isEmpty();
    }

    /** Without a server nobody could tell it to. */
    @Test
    void whatCutsTheNodeOffFromItsServersIsTakenBack() throws Exception {
        serve();
        cut = true;
        assertThatThrownBy(agent::run).isInstanceOf(ConnectionLost.class);
        assertThat(machine.keys()).contains(ENI0);

        pass(Trial.LONGEST.minusMillis(1));
        assertThatThrownBy(agent::run).isInstanceOf(ConnectionLost.class);
        assertThat(machine.keys()).contains(ENI0);
        pass(Duration.ofMillis(1));
        agent.run();

        assertThat(machine.keys()).isEmpty();
        assertThat(state())
                .asInstanceOf(type(NodeStatus.StepFailed.class))
                .satisfies(failed -> assertThat(failed.step()).isEqualTo("reach a server"));
    }

    @Test
    void aClusterThatCannotBeLeftAsAWholeStaysAsItWas() throws Exception {
        serve();
        want(own(1));
        settle();
        machine.lose(ENI1);
        machine.refuse(ENI1::equals);
        assign(new Assignment.Leave(3, CLUSTER, 70));

        agent.run();

        assertThat(state()).isInstanceOf(NodeStatus.StepFailed.class);
        assertThat(machine.keys()).contains(ENI0);
    }
}
