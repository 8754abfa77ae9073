package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.NodeTunnel;
import dev.scc.cluster.Paths;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Plugged;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.DeviceCheck;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.loopback.LoopbackOutcome;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.MemoryText;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.MemoryMachine;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.Step;
import dev.scc.host.net.TunnelKey;
import dev.scc.host.net.TunnelKeys;
import dev.scc.vpc.EniId;
import dev.scc.vpc.PathProber;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent, pass by pass, on a real ZooKeeper into which the test writes what a controller would. */
@Timeout(240)
class AgentTest {
    private static final NodeName NODE = new NodeName("n1");
    private static final NodeName OTHER = new NodeName("n2");
    private static final Alive MACHINE = Alive.at("instance", Ipv4.parse("10.99.0.1"));
    private static final ClusterName CLUSTER = new ClusterName("demo");
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    /** An agent's own entries are news to it, a few passes long. */
    private static final int PASSES = 5;

    private static final NodeStatus.State CLEAN =
            new NodeStatus.Clean(Optional.empty(), Optional.of("the node has no RDMA device"));

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private Tree tree;
    private Agent agent;
    private Instant now = BEGIN;
    private final TunnelKeys keys = new TunnelKeys(new MemoryText("keys"), () -> now, new SplittableRandom(1));
    private final MemoryMachine machine = new MemoryMachine(List.of("eth0", "eth1"), Optional.of(keys));
    /** Why the node cannot be looked at. */
    private Optional<CommandFailed> blind = Optional.empty();

    private int looks;

    private List<RdmaDevice> devices = List.of();

    private NodeInventory look() throws CommandFailed {
        if (blind.isPresent()) {
            throw blind.get();
        }
        return NodeInventory.of(
                "look " + ++looks,
                1,
                1,
                List.of(
                        new Nic("eth0", "52:54:00:00:00:01", 1500, "UP", List.of("10.99.0.1/16")),
                        new Nic("eth1", "52:54:00:00:00:02", 1500, "UP", List.of())),
                devices);
    }

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
        tree = zooKeeper.tree();
        tree.commit(List.of(
                new Op.Create(Paths.node(NODE), Json.write(NodeRecord.enrolled(NODE, MACHINE))),
                new Op.Create(Paths.assign(NODE), Json.write(new Assignment.Leave(1, CLUSTER, 7)))));
        agent = agent(new KernelNetwork("eth0"));
        for (int pass = 0; pass < PASSES; pass++) {
            agent.run();
        }
        assertThat(status()).isEqualTo(new NodeStatus(0, CLEAN, status().phases()));
        assertThat(looks).isEqualTo(1);
    }

    private Agent agent(NodeNetwork network) {
        return new Agent(
                tree,
                TreeTexts.ofOneAgent(),
                new Identity(NODE, MACHINE.instance(), MACHINE.underlay(), "", "eth1", "test"),
                machine,
                network,
                this::look,
                Ledger.inMemory("ledger", Roster.class),
                List.of(),
                () -> now,
                () -> Duration.between(BEGIN, now).toNanos());
    }

    @AfterEach
    void stop() {
        zooKeeper.close();
    }

    private NodeStatus status() throws Exception {
        return Json.read(tree.get(Paths.status(NODE)).orElseThrow().text(), NodeStatus.class);
    }

    @Test
    void anAssignmentDoesNotWaitForStocktaking() throws Exception {
        now = now.plusSeconds(60);
        tree.commit(List.of(new Op.Set(Paths.assign(NODE), Json.write(new Assignment.Leave(2, CLUSTER, 7)), 0)));

        Duration pause = agent.run();
        assertThat(status().assignment()).isEqualTo(1);
        assertThat(looks).isEqualTo(1);
        assertThat(pause).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(1));

        agent.run();
        assertThat(looks).isEqualTo(2);
    }

    @Test
    void nothingIsSaidOfANodeThatLeavesBeforeItsDeviceIsChecked() throws Exception {
        devices = List.of(new RdmaDevice("rxe0", "eth1", "ACTIVE", 1024, List.of()));
        tree.commit(List.of(new Op.Set(Paths.assign(NODE), Json.write(new Assignment.Leave(2, CLUSTER, 7)), 0)));
        CompletableFuture<LoopbackOutcome> outcome = new CompletableFuture<>();
        CountDownLatch news = new CountDownLatch(1);
        Agent next = agent(new KernelNetwork(
                new ClusterNetworks("eth0"),
                Optional.empty(),
                new DeviceCheck(),
                PathProber.ofModel(),
                _ -> outcome.join()));
        next.onNews(news::countDown);
        for (int pass = 0; pass < PASSES; pass++) {
            assertThat(next.run()).isLessThanOrEqualTo(Release.LOOK);
        }
        assertThat(status().assignment()).isZero();

        outcome.complete(new LoopbackOutcome.Failed("no answer"));
        assertThat(news.await(30, TimeUnit.SECONDS)).isTrue();
        next.run();

        assertThat(status().assignment()).isEqualTo(1);
        assertThat(status().state()).isEqualTo(NodeStatus.Clean.worse("RDMA device rxe0 fails alone: no answer"));
        assertThat(status().phases()).extracting(PhaseTime::name).endsWith("device");
        next.end();
    }

    @Test
    void anAssignmentThatNobodyUnderstandsChangesNothingAndIsLookedAtAgain() throws Exception {
        NodeStatus before = status();
        tree.commit(List.of(new Op.Set(Paths.assign(NODE), "nonsense", 0)));

        assertThat(agent.run()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));

        assertThat(status()).isEqualTo(before);
    }

    @Test
    void whoHasNoAssignmentAndCannotBeLookedAtTriesAgainSoon() throws Exception {
        tree.commit(List.of(new Op.Delete(Paths.assign(NODE), 0)));
        now = now.plusSeconds(60);
        blind = Optional.of(new CommandFailed("rdma -j link: timed out"));

        assertThat(agent.run()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void namesAreKeptInEachPassThoughTheyCannotBeWritten() throws Exception {
        List<KnownNames> kept = new ArrayList<>();
        agent.onNames(names -> {
            kept.add(names);
            throw new IOException("no space");
        });

        Duration pause = agent.run();

        assertThat(kept).containsExactly(KnownNames.of(Optional.empty(), Plugged.NONE));
        assertThat(pause).isGreaterThanOrEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aNodeWithoutNewsLooksAgainWhenItSaidItWould() throws Exception {
        Duration pause = agent.run();
        assertThat(pause).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));

        now = now.plus(pause).minusMillis(1);
        agent.run();
        assertThat(looks).isEqualTo(1);

        now = now.plusMillis(1);
        agent.run();
        assertThat(looks).isEqualTo(2);
        assertThat(tree.get(Paths.inventory(NODE)).orElseThrow().text()).contains("look 2");
    }

    /** Nobody knows yet how to build it: its roster does not name this node. */
    private void serveWhatCannotBeBuilt() throws Exception {
        serve(new NodeName("n2"));
    }

    /** A cluster with that member alone. */
    private void serve(NodeName member) throws Exception {
        Roster roster = new Roster(
                CLUSTER,
                1,
                2,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")),
                List.of(new Member(
                        member,
                        Ipv4.parse("10.99.0.2"),
                        "a:7070",
                        Ipv4.parse("172.16.0.2"),
                        Ipv4.parse("10.70.0.2"),
                        "",
                        "eth1")));
        tree.commit(List.of(
                new Op.Create(Paths.rosters(CLUSTER), ""),
                new Op.Create(Paths.roster(CLUSTER, 1), Json.write(roster)),
                new Op.Set(Paths.assign(NODE), Json.write(new Assignment.Serve(2, CLUSTER, 1, 70)), 0)));
    }

    private static Member member(NodeName node, int number) {
        return new Member(
                node,
                Ipv4.parse("10.99.0." + number),
                "a:7070",
                Ipv4.parse("172.20.0." + number),
                Ipv4.parse("10.70.0." + number),
                "",
                "eth1");
    }

    /** A cluster of this node and another in an encrypted VPC. */
    private void serveEncrypted() throws Exception {
        VpcRecord vpc = new VpcRecord(
                new VpcName("vault"),
                new Vni(5000),
                Cidr.parse("172.20.0.0/24"),
                1370,
                Optional.empty(),
                1,
                false,
                Optional.empty(),
                true);
        List<Member> members = List.of(member(NODE, 1), member(OTHER, 2));
        Roster roster = new Roster(
                CLUSTER, 1, 2, vpc.network(), Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")), members);
        tree.commit(List.of(
                new Op.Create(Paths.vpc(vpc.name()), Json.write(vpc)),
                new Op.Create(
                        Paths.holding(vpc.name(), Holding.ofCluster(70)),
                        Json.write(Holding.of(CLUSTER, vpc.network(), members, List.of()))),
                new Op.Create(Paths.rosters(CLUSTER), ""),
                new Op.Create(Paths.roster(CLUSTER, 1), Json.write(roster)),
                new Op.Set(Paths.assign(NODE), Json.write(new Assignment.Serve(2, CLUSTER, 1, 70)), 0)));
    }

    private List<TunnelKey> peers() {
        return machine.observe().objects().values().stream()
                .filter(NetObject.TunnelPeer.class::isInstance)
                .map(object -> ((NetObject.TunnelPeer) object).peer())
                .toList();
    }

    private void says(TunnelKey key) throws Exception {
        Optional<Entry> there = tree.get(Paths.tunnel(OTHER));
        String text = Json.write(new NodeTunnel(key));
        tree.commit(List.of(there.<Op>map(entry -> new Op.Set(Paths.tunnel(OTHER), text, entry.version()))
                .orElseGet(() -> new Op.Create(Paths.tunnel(OTHER), text))));
    }

    @Test
    void aMemberOfAnEncryptedVpcIsThereWhenItKnowsTheKeysOfTheOthers() throws Exception {
        serveEncrypted();

        assertThat(agent.run()).isEqualTo(Duration.ofSeconds(1));
        assertThat(status().assignment()).isZero();
        assertThat(tree.get(Paths.tunnel(NODE)).orElseThrow().read(NodeTunnel.class))
                .isEqualTo(new NodeTunnel(keys.current()));

        TunnelKey first = new TunnelKey("b".repeat(42) + "A=");
        says(first);
        agent.run();
        assertThat(status().state()).isInstanceOf(NodeStatus.Reached.class);
        assertThat(peers()).containsExactly(first);

        TunnelKey second = new TunnelKey("c".repeat(42) + "A=");
        says(second);
        agent.run();
        assertThat(peers()).containsExactly(second);
        now = now.plusSeconds(40);
        agent.run();
        assertThat(tree.get(Paths.inventory(NODE)).orElseThrow().text())
                .as("nobody else has changed anything")
                .contains("\"repaired\":null");

        tree.commit(List.of(new Op.Set(Paths.assign(NODE), Json.write(new Assignment.Leave(3, CLUSTER, 70)), 1)));
        agent.run();
        assertThat(status().state()).isInstanceOf(NodeStatus.Clean.class);
        assertThat(machine.observe().objects()).isEmpty();
        assertThat(tree.get(Paths.tunnel(NODE))).isEmpty();
        assertThat(keys.made()).isFalse();
    }

    @Test
    void aMemberWhoseKeyDoesNotComeIsNotWaitedForForEver() throws Exception {
        serveEncrypted();
        agent.run();
        now = now.plusSeconds(14);
        agent.run();
        assertThat(status().assignment()).isZero();

        now = now.plusSeconds(1);
        agent.run();

        assertThat(status().state()).isInstanceOf(NodeStatus.Reached.class);
        assertThat(peers()).isEmpty();
    }

    @Test
    void whatCouldNotBeBuiltIsTriedAgainWhenItSaidItWould() throws Exception {
        serveWhatCannotBeBuilt();

        agent.run();
        NodeStatus failed = status();
        assertThat(failed.assignment()).isEqualTo(1);
        assertThat(failed.state()).isInstanceOf(NodeStatus.StepFailed.class);

        now = now.plusSeconds(10);
        assertThat(agent.run()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
        now = now.plusSeconds(20);
        assertThat(agent.run()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
        assertThat(status()).isEqualTo(failed);
    }

    @Test
    void aNodeThatCannotBeLookedAtSaysSoAfterAWhile() throws Exception {
        now = now.plusSeconds(60);
        blind = Optional.of(new CommandFailed("ip does not answer"));
        NodeStatus before = status();

        assertThat(agent.run()).isEqualTo(Duration.ofSeconds(3));
        now = now.plusSeconds(29);
        assertThat(agent.run()).isEqualTo(Duration.ofSeconds(3));
        assertThat(status()).as("it is what it should be, and was before").isEqualTo(before);
        now = now.plusSeconds(1);
        agent.run();
        assertThat(status().state())
                .isEqualTo(new NodeStatus.StepFailed("look at the node", "ip does not answer", List.of()));

        blind = Optional.empty();
        now = now.plusSeconds(30);
        agent.run();
        assertThat(status().state()).isEqualTo(CLEAN);
    }

    @Test
    void aNodeThatCannotBeLookedAtBeforeItHasAnsweredSaysSoSooner() throws Exception {
        serve(NODE);
        blind = Optional.of(new CommandFailed("ip does not answer"));

        assertThat(agent.run()).isEqualTo(Duration.ofSeconds(3));
        now = now.plusMillis(4_999);
        agent.run();
        assertThat(status().assignment()).isZero();
        now = now.plusMillis(1);
        agent.run();
        assertThat(status().assignment()).isEqualTo(1);
        assertThat(status().state())
                .isEqualTo(new NodeStatus.StepFailed("look at the node", "ip does not answer", List.of()));
    }

    @Test
    void aNodeThatHasFailedAndCannotBeLookedAtAnyMoreSaysSoSooner() throws Exception {
        serveWhatCannotBeBuilt();
        agent.run();
        now = now.plusSeconds(60);
        blind = Optional.of(new CommandFailed("ip does not answer"));

        agent.run();
        now = now.plusSeconds(5);
        agent.run();

        assertThat(status().state())
                .isEqualTo(new NodeStatus.StepFailed("look at the node", "ip does not answer", List.of()));
    }

    @Test
    void whatSomebodyElseHasChangedIsRepairedAndReported() throws Exception {
        serve(NODE);
        agent.run();
        agent.run();
        machine.apply(machine.observe().objects().values().stream()
                .filter(object -> object.key().equals("link:eni0"))
                .<Step>map(Step.Remove::new)
                .toList());

        agent.run();
        assertThat(machine.observe().objects()).containsKey("link:eni0");
        agent.run();

        assertThat(tree.get(Paths.inventory(NODE)).orElseThrow().text()).contains("link:eni0");
    }

    @Test
    void anEniOfANodeInNoClusterThatSomebodyElseHasTakenAwayIsRepairedAndReported() throws Exception {
        VpcRecord vpc = new VpcRecord(
                new VpcName("lab"), new Vni(5000), Cidr.parse("172.20.0.0/24"), 1450, Optional.empty(), 1);
        EniId eni = EniId.of("r1");
        Ipv4 address = Ipv4.parse("172.20.0.1");
        Plug plug = new Plug(
                eni,
                vpc.network(),
                address,
                1,
                Plug.Phase.ATTACHED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Holding holding =
                new Holding("ENI " + eni, List.of(new VpcMember(NODE, MACHINE.underlay(), address)), List.of());
        tree.commit(List.of(
                new Op.Create(Paths.vpc(vpc.name()), Json.write(vpc)),
                new Op.Create(Paths.holding(vpc.name(), eni.value()), Json.write(holding)),
                new Op.Create(Paths.plugs(NODE), Json.write(new NodePlugs(List.of(plug))))));
        agent.run();
        agent.run();
        agent.run();
        assertThat(machine.observe().objects()).containsKey("link:eni1");
        assertThat(tree.get(Paths.inventory(NODE)).orElseThrow().text()).doesNotContain("link:eni1");
        machine.apply(machine.observe().objects().values().stream()
                .filter(object -> object.key().equals("link:eni1"))
                .<Step>map(Step.Remove::new)
                .toList());

        agent.run();
        assertThat(machine.observe().objects()).containsKey("link:eni1");
        agent.run();

        assertThat(tree.get(Paths.inventory(NODE)).orElseThrow().text()).contains("link:eni1");
    }

    @Test
    void whatIsBuiltIsSaidAndTheLedgerKnowsIt() throws Exception {
        serve(NODE);

        assertThat(agent.run()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));

        assertThat(status().assignment()).isEqualTo(1);
        assertThat(status().state()).isInstanceOf(NodeStatus.Reached.class);
        assertThat(agent.served()).isPresent();
        now = now.plusSeconds(3600);
        agent.run();
        assertThat(machine.observe().objects())
                .as("a server was reached with it")
                .isNotEmpty();
    }

    /** What is half built may be in the way of the next server, not of the one that is reached all the time. */
    @Test
    void whatIsHalfBuiltStaysWhileServersAreReached() throws Exception {
        machine.refuse(
                step -> step instanceof Step.Remove || step.object().key().equals("link:eni0"));
        serve(NODE);
        agent.run();
        assertThat(status().state())
                .asInstanceOf(type(NodeStatus.StepFailed.class))
                .satisfies(failed -> assertThat(failed.left()).isNotEmpty());
        machine.refuse(step -> step.object().key().equals("link:eni0"));

        for (int i = 0; i < 8; i++) {
            now = now.plusSeconds(3);
            agent.run();
        }

        assertThat(machine.observe().objects()).isNotEmpty();
    }

    /** Its enrolment is under way. */
    @Test
    void aNodeWithoutAnAssignmentAsksAgainSoon() throws Exception {
        tree.commit(List.of(new Op.Delete(Paths.assign(NODE), 0)));

        assertThat(agent.run()).isEqualTo(Duration.ofSeconds(1));
        assertThat(agent.run()).isEqualTo(Duration.ofSeconds(1));
    }

    /** Its own word, whose answer was lost. */
    @Test
    void aStatusThatIsThereAlreadyIsReadAndTheAgentLooksAgainSoon() throws Exception {
        serve(NODE);
        machine.refuse(step -> {
            sayMeanwhile();
            return false;
        });

        assertThat(agent.run()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
        agent.run();

        assertThat(status().assignment()).isEqualTo(1);
        assertThat(status().state()).isInstanceOf(NodeStatus.Reached.class);
    }

    private void sayMeanwhile() {
        try {
            tree.commit(List.of(new Op.Set(Paths.status(NODE), Json.write(status()), 0)));
        } catch (Conflict e) {
            // It has been said already.
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anAssignmentOfAnOlderEpochIsRefusedOnceAndChangesNothing() throws Exception {
        tree.commit(List.of(new Op.Set(Paths.assign(NODE), Json.write(new Assignment.Free(4, 0)), 0)));
        agent.run();
        tree.commit(List.of(new Op.Set(Paths.assign(NODE), Json.write(new Assignment.Leave(3, CLUSTER, 7)), 1)));

        assertThat(agent.run()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
        NodeStatus refused = status();
        int version = tree.get(Paths.status(NODE)).orElseThrow().version();
        agent.run();

        assertThat(refused.assignment()).isEqualTo(2);
        assertThat(refused.state())
                .asInstanceOf(type(NodeStatus.StepFailed.class))
                .satisfies(said -> {
                    assertThat(said.step()).isEqualTo("obey");
                    assertThat(said.why()).contains("has obeyed epoch 4, and the assignment is of epoch 3");
                });
        assertThat(tree.get(Paths.status(NODE)).orElseThrow().version()).isEqualTo(version);
    }
}
