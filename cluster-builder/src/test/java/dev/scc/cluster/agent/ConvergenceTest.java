package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Plugged;
import dev.scc.cluster.Roster;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.Need;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.DurableText;
import dev.scc.host.Ipv4;
import dev.scc.host.MemoryText;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.Machine;
import dev.scc.host.net.MemoryMachine;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import dev.scc.host.net.Step;
import dev.scc.host.net.StepFailed;
import dev.scc.vpc.EniId;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ConvergenceTest {
    private static final NodeName SELF = new NodeName("n1");
    private static final NodeInventory HAS = NodeInventory.of(
            "test",
            1,
            1,
            List.of(
                    new Nic("eth0", "52:54:00:00:00:01", 1500, "UP", List.of("10.99.0.1/16")),
                    new Nic("eth1", "52:54:00:00:00:02", 1500, "UP", List.of())),
            List.of());

    /** What the node says that it serves at the moments when its networks are through. */
    private final List<Optional<Integer>> meanwhile = new ArrayList<>();

    private final List<Optional<Integer>> whileLeaving = new ArrayList<>();
    private final AtomicReference<Convergence> self = new AtomicReference<>();

    private final class Watched implements NodeNetwork {
        private final NodeNetwork real = new KernelNetwork("eth0");

        @Override
        public ClusterNetworks networks() {
            return real.networks();
        }

        @Override
        public Optional<NodeStatus.SegmentAddress> reached(Roster roster, NodeName node)
                throws NotReached, InterruptedException {
            meanwhile.add(served());
            return real.reached(roster, node);
        }
    }

    private Optional<Integer> served() {
        return self.get().served().map(ServedCluster::roster).map(Roster::revision);
    }

    private static Roster roster(String cluster, int revision, int vlan, int members) {
        List<Member> all = new ArrayList<>();
        for (int i = 1; i <= members; i++) {
            all.add(new Member(
                    new NodeName("n" + i),
                    Ipv4.parse("10.99.0." + i),
                    "10.99.0." + i + ":7070",
                    Ipv4.parse("172.16.0." + i),
                    Ipv4.parse("10.70.0." + i),
                    "",
                    "eth1"));
        }
        return new Roster(
                new ClusterName(cluster),
                revision,
                1,
                VpcNetwork.of(cluster, new Vni(vlan), Cidr.parse("172.16.0.0/24")),
                Segment.of(new VlanId(vlan), Cidr.parse("10.70.0.0/24")),
                all);
    }

    private Convergence convergence() {
        Convergence convergence = new Convergence(
                SELF,
                new MemoryMachine(List.of("eth0", "eth1")),
                new Watched(),
                Ledger.inMemory("ledger", Roster.class),
                List.of(cluster -> whileLeaving.add(served())),
                System::nanoTime);
        self.set(convergence);
        return convergence;
    }

    /** Those who stay keep their jobs when a cluster is scaled, and may be given new ones all the while. */
    @Test
    void nodeBelongsToItsClusterWhileItTakesUpAnotherRevision() throws Exception {
        Convergence convergence = convergence();
        convergence.converge(1, Optional.of(roster("demo", 1, 70, 2)), HAS);

        convergence.converge(1, Optional.of(roster("demo", 2, 70, 3)), HAS);

        assertThat(meanwhile).containsExactly(Optional.empty(), Optional.of(1));
        assertThat(whileLeaving).as("its jobs go on").isEmpty();
        assertThat(served()).contains(2);
    }

    @Test
    void nodeThatLeavesServesNothingBeforeItsJobsAreEnded() throws Exception {
        Convergence convergence = convergence();
        convergence.converge(1, Optional.of(roster("demo", 1, 70, 2)), HAS);

        convergence.converge(1, Optional.empty(), HAS);

        assertThat(whileLeaving).containsExactly(Optional.empty());
        assertThat(served()).isEmpty();
    }

    @Test
    void anotherClusterOfTheSameNameIsNotTheSame() throws Exception {
        Convergence convergence = convergence();
        convergence.converge(1, Optional.of(roster("demo", 1, 70, 2)), HAS);

        convergence.converge(1, Optional.of(roster("demo", 1, 71, 2)), HAS);

        assertThat(whileLeaving).containsExactly(Optional.empty());
        assertThat(meanwhile).containsExactly(Optional.empty(), Optional.empty());
    }

    /** Whatever numbers it was given. */
    @Test
    void anotherClusterWithTheSameNumberIsNotTheSame() throws Exception {
        Convergence convergence = convergence();
        convergence.converge(1, Optional.of(roster("demo", 1, 70, 2)), HAS);

        convergence.converge(1, Optional.of(roster("other", 1, 70, 2)), HAS);

        assertThat(whileLeaving).containsExactly(Optional.empty());
    }

    private final MemoryText disk = new MemoryText("ledger");
    private final MemoryMachine machine = new MemoryMachine(List.of("eth0", "eth1"));
    private long now;

    /** An agent's, which begins anew from what is on the disk and the machine. */
    private Convergence started() throws Exception {
        Convergence convergence = new Convergence(
                SELF, machine, new KernelNetwork("eth0"), new Ledger<>(disk, Roster.class), List.of(), () -> now);
        convergence.recall();
        return convergence;
    }

    private static void takeBackIfOverdue(Convergence convergence) throws Exception {
        if (convergence.overdue()) {
            convergence.takeBack(HAS);
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static final Roster DEMO = roster("demo", 1, 70, 2);

    @Test
    void whatNoServerWasReachedWithIsTakenBack() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);

        pass(Trial.LONGEST.minusMillis(1));
        takeBackIfOverdue(convergence);
        assertThat(machine.observe().objects()).isNotEmpty();

        pass(Duration.ofMillis(1));
        takeBackIfOverdue(convergence);
        assertThat(machine.observe().objects()).isEmpty();
        assertThat(convergence.converge(1, Optional.of(DEMO), HAS).state())
                .isInstanceOfSatisfying(NodeStatus.StepFailed.class, failed -> {
                    assertThat(failed.step()).isEqualTo("reach a server");
                    assertThat(failed.why()).contains("15 s", "172.16.0.0/24", "10.70.0.0/24", "taken back");
                });
        assertThat(machine.observe().objects()).isEmpty();
    }

    @Test
    void whatWasTakenBackIsTriedAgainAfterAWhileOrWhenSomethingElseIsAskedFor() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        pass(Trial.LONGEST);
        takeBackIfOverdue(convergence);

        assertThat(convergence
                        .converge(1, Optional.of(roster("demo", 2, 70, 3)), HAS)
                        .state())
                .isInstanceOf(NodeStatus.Reached.class);
        pass(Trial.LONGEST);
        takeBackIfOverdue(convergence);
        pass(Trial.BETWEEN);
        assertThat(convergence
                        .converge(1, Optional.of(roster("demo", 2, 70, 3)), HAS)
                        .state())
                .isInstanceOf(NodeStatus.Reached.class);
    }

    /** An agent has other reasons than its servers to look at its node again. */
    @Test
    void whatIsOnTrialWaitsNoLongerBecauseItIsLookedAt() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        pass(Trial.LONGEST.minusSeconds(1));
        convergence.converge(1, Optional.of(DEMO), HAS);

        pass(Duration.ofSeconds(1));

        assertThat(convergence.overdue()).isTrue();
    }

    @Test
    void whatCannotBeReadBackIsNotSaidToBeThere() throws Exception {
        Machine blinded = new Machine() {
            private boolean built;

            @Override
            public NetState observe() throws CommandFailed {
                if (built) {
                    throw new CommandFailed("ip does not answer");
                }
                return machine.observe();
            }

            @Override
            public void apply(List<Step> steps) throws StepFailed {
                machine.apply(steps);
                built = true;
            }
        };
        Convergence convergence = new Convergence(
                SELF, blinded, new KernelNetwork("eth0"), new Ledger<>(disk, Roster.class), List.of(), () -> now);

        assertThat(convergence.converge(1, Optional.of(DEMO), HAS).state())
                .isEqualTo(new NodeStatus.StepFailed("check", "ip does not answer", List.of()));
    }

    @Test
    void whatItsTimeWasSpentOnIsSaid() throws Exception {
        Convergence convergence = started();

        assertThat(convergence.converge(1, Optional.of(DEMO), HAS).phases())
                .extracting(PhaseTime::name)
                .startsWith("observe")
                .endsWith("check", "gid");
        assertThat(convergence.converge(1, Optional.of(DEMO), HAS).phases())
                .extracting(PhaseTime::name)
                .containsExactly("observe", "gid");
    }

    @Test
    void whereNothingIsNewNothingIsWritten() throws Exception {
        AtomicInteger written = new AtomicInteger();
        DurableText counted = new DurableText() {
            @Override
            public String name() {
                return disk.name();
            }

            @Override
            public Optional<byte[]> read() {
                return disk.read();
            }

            @Override
            public void write(String text) {
                written.incrementAndGet();
                disk.write(text);
            }
        };
        Convergence convergence = new Convergence(
                SELF, machine, new KernelNetwork("eth0"), new Ledger<>(counted, Roster.class), List.of(), () -> now);
        convergence.converge(1, Optional.of(DEMO), HAS);
        assertThat(written).hasValue(1);
        convergence.serverReached();
        assertThat(written).as("it is not on trial any more").hasValue(2);

        convergence.converge(1, Optional.of(DEMO), HAS);
        assertThat(written).hasValue(2);

        convergence.converge(2, Optional.of(DEMO), HAS);
        assertThat(written).as("of another epoch").hasValue(3);
    }

    @Test
    void whatAServerWasReachedWithStaysHoweverLongServersAreAway() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        convergence.serverReached();

        pass(Duration.ofHours(1));
        takeBackIfOverdue(convergence);
        assertThat(machine.observe().objects()).isNotEmpty();

        Convergence next = started();
        assertThat(next.onTrial()).isFalse();
        pass(Duration.ofHours(1));
        takeBackIfOverdue(next);
        assertThat(machine.observe().objects()).isNotEmpty();
    }

    @Test
    void anAgentThatIsStartedAnewGoesOnWithWhatIsOnTrial() throws Exception {
        started().converge(1, Optional.of(DEMO), HAS);

        Convergence next = started();
        takeBackIfOverdue(next);
        assertThat(machine.observe().objects()).isNotEmpty();
        pass(Trial.LONGEST);
        takeBackIfOverdue(next);
        assertThat(machine.observe().objects()).isEmpty();
    }

    /** Killed in the middle of building: an address is what takes the way to the servers, and links come before it. */
    @Test
    void aServerThatIsReachedWithHalfOfItThereDoesNotEndTheTrial() throws Exception {
        started().converge(1, Optional.of(DEMO), HAS);
        machine.apply(machine.observe().objects().values().stream()
                .filter(object -> object.key().startsWith("addr:"))
                .<Step>map(Step.Remove::new)
                .toList());
        Convergence next = started();
        next.serverReached();
        next.converge(1, Optional.of(DEMO), HAS);

        pass(Trial.LONGEST);
        takeBackIfOverdue(next);

        assertThat(machine.observe().objects()).isEmpty();
    }

    @Test
    void whatCouldNotBeBuiltAndWasUndoneWaitsForNoServer() throws Exception {
        Convergence convergence = started();
        machine.refuse(step -> step.object().key().equals("link:eni0"));
        convergence.converge(1, Optional.of(DEMO), HAS);

        pass(Trial.LONGEST);

        assertThat(convergence.overdue()).isFalse();
        machine.refuse(_ -> false);
        assertThat(convergence.converge(1, Optional.of(DEMO), HAS).state()).isInstanceOf(NodeStatus.Reached.class);
        assertThat(convergence.onTrial()).isTrue();
    }

    /** Its servers are reached all the time, but something is left that cannot be removed. */
    @Test
    void eachServerThatIsReachedGivesWhatIsHalfBuiltMoreTime() throws Exception {
        started().converge(1, Optional.of(DEMO), HAS);
        Convergence next = started();
        pass(Trial.LONGEST.minusSeconds(1));
        next.serverReached();
        pass(Duration.ofSeconds(1));
        assertThat(next.overdue()).isFalse();

        pass(Trial.LONGEST);

        assertThat(next.overdue()).isTrue();
    }

    /** As when it is killed in the middle of it, after the ledger was written. */
    @Test
    void whatCouldNotBeTakenBackIsTakenBackByWhoeverComesNext() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        machine.refuse(_ -> true);
        pass(Trial.LONGEST);
        takeBackIfOverdue(convergence);
        assertThat(machine.observe().objects()).isNotEmpty();
        machine.refuse(_ -> false);

        Convergence next = started();
        pass(Trial.LONGEST);
        takeBackIfOverdue(next);
        assertThat(machine.observe().objects()).isEmpty();
    }

    /** Its jobs run, so it does no harm: whoever removes a link by hand must not put all the others at risk. */
    @Test
    void whatIsRepairedIsNotOnTrial() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        convergence.serverReached();
        machine.apply(machine.observe().objects().values().stream()
                .filter(object -> object.key().equals("link:eni0"))
                .<Step>map(Step.Remove::new)
                .toList());

        convergence.converge(1, Optional.of(DEMO), HAS);
        pass(Trial.LONGEST);
        takeBackIfOverdue(convergence);

        assertThat(machine.observe().objects()).containsKey("link:eni0");
    }

    @Test
    void networksAreNotBuiltWhereTheNodeHasToReachSomethingElse() throws Exception {
        NodeInventory needing =
                HAS.needing(List.of(new Need(Cidr.parse("172.16.0.0/12"), Need.Kind.ROUTE, "via 10.99.0.254 on eth0")));

        assertThat(started().converge(1, Optional.of(DEMO), needing).state())
                .isEqualTo(new NodeStatus.StepFailed(
                        "plan",
                        "node n1 has to reach 172.16.0.0/12 (its route via 10.99.0.254 on eth0), which 172.16.0.0/24"
                                + " overlaps",
                        List.of()));
        assertThat(machine.observe().objects()).isEmpty();
    }

    /** What has shown that it does no harm is not tried again. */
    @Test
    void whatIsOnlyRepairedIsNotOnTrial() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        convergence.serverReached();
        convergence.converge(1, Optional.of(DEMO), HAS);
        machine.apply(machine.observe().objects().values().stream()
                .filter(object -> object.key().equals("link:eni0"))
                .<Step>map(Step.Remove::new)
                .toList());

        convergence.converge(1, Optional.of(DEMO), HAS);
        pass(Trial.LONGEST);
        takeBackIfOverdue(convergence);

        assertThat(convergence.onTrial()).isFalse();
        assertThat(machine.observe().objects()).containsKey("link:eni0");
    }

    private final class Slow implements NodeNetwork {
        private Optional<String> broken = Optional.empty();

        @Override
        public ClusterNetworks networks() {
            return new ClusterNetworks("eth0");
        }

        @Override
        public Optional<NodeStatus.SegmentAddress> reached(Roster roster, NodeName node) throws NotReached {
            pass(Duration.ofMillis(7));
            if (broken.isPresent()) {
                throw new NotReached("use port 1 of rxe0", broken.get());
            }
            return Optional.of(new NodeStatus.SegmentAddress("::ffff:10.70.0.1", 3));
        }
    }

    @Test
    void howItsDeviceIsReachedIsPartOfWhatItServesAndTheTimeForItIsSaid() throws Exception {
        Slow slow = new Slow();
        Convergence convergence =
                new Convergence(SELF, machine, slow, new Ledger<>(disk, Roster.class), List.of(), () -> now);

        pass(Duration.ofHours(1));

        Convergence.Result result = convergence.converge(1, Optional.of(DEMO), HAS);

        assertThat(result.phases()).endsWith(new PhaseTime("gid", 7));
        assertThat(convergence.served())
                .contains(new ServedCluster(
                        DEMO, DEMO.member(SELF), Optional.of(new NodeStatus.SegmentAddress("::ffff:10.70.0.1", 3))));
    }

    @Test
    void aDeviceThatDoesNotFollowMakesTheNodeServeNothing() throws Exception {
        Slow slow = new Slow();
        slow.broken = Optional.of("port 1 is down");
        Convergence convergence =
                new Convergence(SELF, machine, slow, new Ledger<>(disk, Roster.class), List.of(), () -> now);

        assertThat(convergence.converge(1, Optional.of(DEMO), HAS).state())
                .isEqualTo(new NodeStatus.StepFailed("use port 1 of rxe0", "port 1 is down", List.of()));
        assertThat(convergence.served()).isEmpty();
    }

    /** Or jobs would lose their networks under them. */
    @Test
    void theNetworksStayUntilAllThatUsesThemHasEndedInItsOrder() throws Exception {
        List<String> called = new ArrayList<>();
        AtomicReference<String> stuck = new AtomicReference<>("job j-1 does not end");
        List<LeaveHook> hooks = List.of(
                cluster -> called.add("first " + cluster),
                cluster -> {
                    if (!stuck.get().isEmpty()) {
                        throw new LeaveHook.CannotLeave(stuck.get());
                    }
                    called.add("second " + cluster);
                },
                cluster -> called.add("third " + cluster));
        Convergence convergence = new Convergence(
                SELF, machine, new KernelNetwork("eth0"), new Ledger<>(disk, Roster.class), hooks, () -> now);
        convergence.converge(1, Optional.of(DEMO), HAS);
        NetState built = machine.observe();
        assertThat(called).as("it has left no cluster yet").isEmpty();

        assertThat(convergence.converge(2, Optional.empty(), HAS).state())
                .isEqualTo(new NodeStatus.StepFailed(
                        "leave demo", "job j-1 does not end", List.of("what cluster demo made")));
        assertThat(called).containsExactly("first demo");
        assertThat(machine.observe()).isEqualTo(built);

        stuck.set("");
        convergence.converge(2, Optional.empty(), HAS);
        assertThat(called).containsExactly("first demo", "first demo", "second demo", "third demo");
        assertThat(machine.observe().objects()).isEmpty();
    }

    @Test
    void aRosterThatMakesNoSenseForTheNodeChangesNothing() throws Exception {
        Convergence convergence = started();
        Roster others = roster("demo", 1, 70, 2);
        Roster strange = new Roster(
                others.cluster(),
                1,
                1,
                others.vpc(),
                others.segment(),
                others.members().subList(1, 2));

        assertThat(convergence.converge(1, Optional.of(strange), HAS).state())
                .asInstanceOf(type(NodeStatus.StepFailed.class))
                .satisfies(failed -> {
                    assertThat(failed.step()).isEqualTo("plan");
                    assertThat(failed.why()).contains("n1");
                });
        assertThat(machine.observe().objects()).isEmpty();
    }

    @Test
    void whatWasRepairedIsNamedAndWhatIsNewIsNot() throws Exception {
        Convergence convergence = started();
        assertThat(convergence.converge(1, Optional.of(DEMO), HAS).changed()).isEmpty();
        assertThat(convergence.converge(1, Optional.of(DEMO), HAS).changed()).isEmpty();
        machine.apply(machine.observe().objects().values().stream()
                .filter(object -> object.key().equals("link:eni0"))
                .<Step>map(Step.Remove::new)
                .toList());

        assertThat(convergence.converge(1, Optional.of(DEMO), HAS).changed()).contains("link:eni0");
        assertThat(convergence.converge(1, Optional.empty(), HAS).changed()).isEmpty();
    }

    @Test
    void whatIsTakenBackIsNotOnTrialAnyMore() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        pass(Trial.LONGEST);
        takeBackIfOverdue(convergence);

        assertThat(convergence.overdue()).isFalse();
        assertThat(convergence.onTrial()).isFalse();
        assertThat(started().onTrial()).isFalse();
        assertThat(convergence.served()).isEmpty();
    }

    /** It was reached with what is there, and nothing else has been made since. */
    @Test
    void whatAServerWasReachedWithStaysThoughWhatWasToFollowCouldNotBeWrittenDown() throws Exception {
        AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
        DurableText full = new DurableText() {
            @Override
            public String name() {
                return disk.name();
            }

            @Override
            public Optional<byte[]> read() {
                return disk.read();
            }

            @Override
            public void write(String text) throws IOException {
                if (left.getAndDecrement() <= 0) {
                    throw new IOException("no space left");
                }
                disk.write(text);
            }
        };
        Convergence convergence = new Convergence(
                SELF, machine, new KernelNetwork("eth0"), new Ledger<>(full, Roster.class), List.of(), () -> now);
        convergence.converge(1, Optional.of(DEMO), HAS);
        convergence.serverReached();
        NetState built = machine.observe();
        left.set(0);
        assertThatThrownBy(() -> convergence.converge(2, Optional.of(roster("demo", 1, 71, 2)), HAS))
                .isInstanceOf(IOException.class);
        left.set(Integer.MAX_VALUE);

        pass(Trial.LONGEST);
        takeBackIfOverdue(convergence);

        assertThat(machine.observe()).isEqualTo(built);
        assertThat(convergence.overdue()).isFalse();
        assertThat(convergence.epoch()).isEqualTo(1);
    }

    @Test
    void whatTheLedgerSaysIsServedAgainAndWhatElseBearsOurMarkIsLeftOver() throws Exception {
        Convergence first = started();
        assertThat(first.leftovers(false, HAS)).isEmpty();
        first.converge(1, Optional.of(DEMO), HAS);

        Convergence next = started();
        assertThat(next.served()).contains(new ServedCluster(DEMO, DEMO.member(SELF), Optional.empty()));
        assertThat(next.epoch()).isEqualTo(1);
        NetObject.Link stray =
                new NetObject.Link("eth1.9", "gone", new LinkKind.Vlan("eth1", 9), 1500, Optional.empty());
        machine.apply(List.of(new Step.Add(stray)));

        assertThat(next.leftovers(false, HAS))
                .containsExactly(
                        NodeLeftover.of("link:eth1.9", "it is of cluster gone, and the node serves cluster demo"));
    }

    @Test
    void whoHasLeftHasNothingOnTrial() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        assertThat(convergence.onTrial()).isTrue();
        convergence.converge(2, Optional.empty(), HAS);
        assertThat(convergence.onTrial()).isFalse();

        convergence.converge(3, Optional.of(DEMO), HAS);
        convergence.serverReached();
        convergence.converge(4, Optional.empty(), HAS);

        assertThat(convergence.onTrial()).isFalse();
        assertThat(new Ledger<>(disk, Roster.class).read().onTrial()).isFalse();
    }

    @Test
    void anotherClusterIsOnTrialThoughSomeOfItsLinksAreThere() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        convergence.serverReached();

        convergence.converge(2, Optional.of(roster("other", 1, 70, 2)), HAS);

        assertThat(convergence.onTrial()).isTrue();
    }

    @Test
    void whatCouldNotBeTakenBackIsTriedAgain() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        machine.refuse(_ -> true);
        pass(Trial.LONGEST);
        takeBackIfOverdue(convergence);
        machine.refuse(_ -> false);

        takeBackIfOverdue(convergence);

        assertThat(machine.observe().objects()).isEmpty();
    }

    /** Whoever is killed meanwhile finds what it has to remove in the ledger alone. */
    @Test
    void theLedgerNamesWhatIsRemovedBeforeItIs() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        convergence.serverReached();
        NetObject.Link stray =
                new NetObject.Link("eth1.9", "gone", new LinkKind.Vlan("eth1", 9), 1500, Optional.empty());
        machine.apply(List.of(new Step.Add(stray)));

        convergence.converge(1, Optional.of(DEMO), HAS);

        assertThat(machine.observe().objects()).doesNotContainKey(stray.key());
        assertThat(new Ledger<>(disk, Roster.class).read().objects().objects()).containsKey(stray.key());
    }

    @Test
    void aRevisionThatChangesNothingHereIsRememberedToo() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        convergence.serverReached();

        convergence.converge(1, Optional.of(roster("demo", 2, 70, 2)), HAS);

        assertThat(started().served().map(ServedCluster::roster).map(Roster::revision))
                .contains(2);
    }

    /** After the power was away: what was no harm then may be some now. */
    @Test
    void whatIsBuiltFromNothingIsOnTrialAgain() throws Exception {
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        convergence.serverReached();
        machine.apply(machine.observe().objects().values().stream()
                .<Step>map(Step.Remove::new)
                .toList());

        Convergence next = started();
        next.converge(1, Optional.of(DEMO), HAS);

        assertThat(next.onTrial()).isTrue();
    }

    @Test
    void whatGoesWithTheClusterWasNotRepaired() throws Exception {
        VpcNetwork lab = VpcNetwork.of("lab", new Vni(5000), Cidr.parse("172.20.0.0/24"));
        Plugged one = new Plugged(
                List.of(new Plug(
                        EniId.of("r1"),
                        lab,
                        Ipv4.parse("172.20.0.9"),
                        1,
                        Plug.Phase.ATTACHED,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())),
                Map.of(
                        "lab",
                        new TreeMap<>(Map.of(
                                EniId.of("r1").value(),
                                new Holding(
                                        "ENI " + EniId.of("r1"),
                                        List.of(new VpcMember(SELF, Ipv4.parse("10.99.0.1"), Ipv4.parse("172.20.0.9"))),
                                        List.of())))),
                Map.of());
        Convergence convergence = started();
        convergence.converge(1, Optional.of(DEMO), HAS);
        convergence.enis().converge(one, HAS);
        assertThat(machine.observe().objects()).containsKeys("link:eni0", "link:eni1");

        assertThat(convergence.converge(2, Optional.empty(), HAS).changed()).isEmpty();
        machine.apply(machine.observe().objects().values().stream()
                .filter(object -> object.key().equals("link:eni1"))
                .<Step>map(Step.Remove::new)
                .toList());
        assertThat(convergence.converge(2, Optional.empty(), HAS).changed()).contains("link:eni1");
    }
}
