package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.Unreached;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.mesh.MeshBudget;
import dev.scc.fabric.mesh.MeshPeer;
import dev.scc.fabric.mesh.MeshPlace;
import dev.scc.fabric.mesh.MeshProber;
import dev.scc.fabric.mesh.MeshSample;
import dev.scc.fabric.segment.Segment;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.ProbeMember;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node does for the mesh, on a segment in memory. */
@Timeout(240)
class MeshTest {
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");
    private static final MeshBudget FAST = new MeshBudget(5_000);
    private static final MeshBudget ONE_PROBE = new MeshBudget(1);

    private final Segments segment = new Segments();
    private final AtomicReference<Optional<ServedCluster>> served = new AtomicReference<>(Optional.empty());
    private final BlockingQueue<Unreached> news = new LinkedBlockingQueue<>();
    private @Nullable Mesh mesh;
    private @Nullable Thread thread;

    /** A segment on which everybody answers but those who are away. */
    private static final class Segments implements MeshProber {
        final BlockingQueue<NodeName> probed = new LinkedBlockingQueue<>();
        final BlockingQueue<String> answering = new LinkedBlockingQueue<>();
        volatile Optional<NodeName> away = Optional.empty();
        volatile boolean broken;
        volatile boolean stuck;
        volatile boolean unplugged;
        volatile boolean defective;
        volatile boolean ended;
        volatile boolean stays;
        /** Until then a probe is under way, and does not hear of interruptions. */
        volatile @Nullable CountDownLatch deaf;
        /** Until then what answers is being closed. */
        volatile @Nullable CountDownLatch closing;

        @Override
        public Answering answer(MeshPlace place) throws CannotVerify {
            if (broken) {
                throw new CannotVerify("no such device");
            }
            answering.add("open " + place.address());
            return new Answering() {
                @Override
                public boolean ended() {
                    boolean now = ended;
                    ended = false;
                    return now;
                }

                @Override
                public void close() {
                    if (stays) {
                        throw new IllegalStateException("it does not go");
                    }
                    answering.add("closed");
                    CountDownLatch until = closing;
                    if (until != null) {
                        awaitDeafly(until);
                    }
                }
            };
        }

        @Override
        public MeshSample probe(MeshPlace place, ProbeMember peer, long at) throws CannotVerify, InterruptedException {
            probed.add(peer.node());
            if (unplugged) {
                throw new CannotVerify("the device is gone");
            }
            if (defective) {
                throw new IllegalStateException("a bug");
            }
            if (stuck) {
                new CountDownLatch(1).await();
            }
            CountDownLatch until = deaf;
            if (until != null) {
                awaitDeafly(until);
            }
            return away.equals(Optional.of(peer.node()))
                    ? new MeshSample.Lost(at, "nobody there")
                    : new MeshSample.Answered(at, 10, 20);
        }

        private static void awaitDeafly(CountDownLatch until) {
            while (true) {
                try {
                    until.await();
                    return;
                } catch (InterruptedException e) {
                    // As a call of verbs, which does not end sooner.
                }
            }
        }

        void awaitProbesOf(NodeName node, int times) throws InterruptedException {
            for (int left = times; left > 0; ) {
                left -= probed.take().equals(node) ? 1 : 0;
            }
        }
    }

    private static ServedCluster serves(int revision, int members) {
        return serves(DEMO, revision, N1, members);
    }

    private static ServedCluster serves(ClusterName cluster, int revision, NodeName self, int members) {
        return serves(
                cluster,
                revision,
                self,
                IntStream.rangeClosed(1, members)
                        .mapToObj(number -> member(number, "rxe0"))
                        .toList());
    }

    private static ServedCluster serves(ClusterName cluster, int revision, NodeName self, List<Member> members) {
        Roster roster = new Roster(
                cluster,
                revision,
                1,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")),
                members);
        return new ServedCluster(roster, roster.member(self), Optional.empty());
    }

    private static Member member(int number, String device) {
        return new Member(
                new NodeName("n" + number),
                Ipv4.parse("10.99.0.0").plus(number),
                "a:7070",
                Ipv4.parse("172.16.0.0").plus(number),
                Ipv4.parse("10.70.0.0").plus(number),
                device,
                "eth1");
    }

    private Mesh start() {
        return start(N1, FAST);
    }

    private Mesh start(NodeName node, MeshBudget budget) {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Mesh made = new Mesh(node, Optional.of(budget), segment, served::get, InstantSource.system());
        mesh = made;
        made.onNews(() -> made.unreached().ifPresent(news::add));
        thread = Thread.getAllStackTraces().keySet().stream()
                .filter(one -> one.getName().equals("mesh-" + node) && !before.contains(one))
                .findFirst()
                .orElseThrow();
        return made;
    }

    /** Returns when it has had a turn, and waits until the next one. */
    private void awaitPause() throws InterruptedException {
        while (Objects.requireNonNull(thread).getState() != Thread.State.TIMED_WAITING) {
            if (Thread.interrupted()) {
                throw new InterruptedException("it does not wait");
            }
            Thread.onSpinWait();
        }
    }

    @AfterEach
    void stop() {
        if (mesh != null) {
            mesh.close();
        }
    }

    private static MeshRpc.Series read(Mesh mesh) throws RpcFailed {
        return mesh.read(new MeshRpc.Read(N1, 5));
    }

    @Test
    void aMemberProbesAllOthersAndTellsWhatCameOfIt() throws Exception {
        served.set(Optional.of(serves(1, 3)));
        Mesh started = start();

        segment.awaitProbesOf(N2, 2);
        segment.awaitProbesOf(N3, 2);

        assertThat(segment.answering.take()).isEqualTo("open 10.70.0.1");
        MeshRpc.Series series = read(started);
        assertThat(series.cluster()).contains(DEMO);
        assertThat(series.packetsPerSecond()).isEqualTo(5_000);
        assertThat(series.peers()).extracting(MeshPeer::peer).containsExactly(N2, N3);
        assertThat(series.peers()).allSatisfy(peer -> {
            assertThat(peer.probes()).isPositive();
            assertThat(peer.lost()).isZero();
            assertThat(peer.latest()).first().isInstanceOf(MeshSample.Answered.class);
        });
        assertThat(started.unreached()).isEmpty();
    }

    @Test
    void whoIsNotReachedIsToldAndThatHeIsAgain() throws Exception {
        segment.away = Optional.of(N3);
        served.set(Optional.of(serves(1, 3)));
        Mesh started = start();

        assertThat(news.take().members()).containsExactly(N3);
        assertThat(read(started).peers().getLast().brokenSince()).isPresent();
        segment.away = Optional.empty();
        assertThat(news.take().members()).isEmpty();
        assertThat(news).isEmpty();
    }

    @Test
    void nothingIsLeftWhenTheClusterLeavesAndNothingBeginsAnewForIt() throws Exception {
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        segment.awaitProbesOf(N2, 1);

        started.leave(DEMO);

        assertThat(segment.answering).last().isEqualTo("closed");
        assertThat(read(started).cluster()).isEmpty();
        segment.answering.clear();
        // The next one, of the same name.
        served.set(Optional.of(serves(2, 2)));
        segment.awaitProbesOf(N2, 1);
        assertThat(segment.answering).containsExactly("open 10.70.0.1");
    }

    @Test
    void aDefectIsToldAndEndsNothingButItsTurn() throws Exception {
        segment.defective = true;
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        segment.awaitProbesOf(N2, 2);

        assertThat(read(started).problem().orElseThrow()).contains("a bug");
        segment.defective = false;
        segment.awaitProbesOf(N2, 3);
        assertThat(read(started).peers().getFirst().probes()).isPositive();
    }

    /** What the node serves is only changed after all have left. */
    @Test
    void whatLeavesIsNotBegunAnewThoughItIsServedStill() throws Exception {
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        segment.awaitProbesOf(N2, 1);
        started.leave(DEMO);
        segment.answering.clear();

        awaitPause();

        assertThat(segment.answering).isEmpty();
        assertThat(read(started).cluster()).isEmpty();
    }

    @Test
    void aProbeThatHangsKeepsNoClusterFromLeavingAndNoAgentFromEnding() throws Exception {
        segment.stuck = true;
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        segment.awaitProbesOf(N2, 1);

        started.leave(DEMO);
        assertThat(segment.answering).last().isEqualTo("closed");
        served.set(Optional.of(serves(2, 2)));
        segment.awaitProbesOf(N2, 1);
        started.close();
        assertThat(segment.answering).last().isEqualTo("closed");
    }

    @Test
    void otherMembersKeepWhatIsKnownOfThem() throws Exception {
        served.set(Optional.of(serves(1, 3)));
        Mesh started = start();
        segment.awaitProbesOf(N3, 3);
        long before = read(started).peers().getFirst().probes();

        served.set(Optional.of(serves(2, 2)));
        segment.answering.take();
        assertThat(segment.answering.take()).isEqualTo("closed");
        segment.awaitProbesOf(N2, 1);

        assertThat(read(started).peers()).singleElement().satisfies(peer -> {
            assertThat(peer.peer()).isEqualTo(N2);
            assertThat(peer.probes()).isGreaterThanOrEqualTo(before);
        });
    }

    @Test
    void whoCannotTakePartSaysWhyAndWhoIsAskedForAnotherRefuses() throws Exception {
        segment.broken = true;
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        while (read(started).problem().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(read(started).problem()).contains("no such device");
        assertThat(segment.probed).isEmpty();
        assertThatThrownBy(() -> started.read(new MeshRpc.Read(N2, 5))).hasMessage("this is node n1, not n2");
    }

    @Test
    void whoCannotProbeSaysWhy() throws Exception {
        segment.unplugged = true;
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        segment.awaitProbesOf(N2, 1);
        while (read(started).problem().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(read(started).problem()).contains("the device is gone");
        assertThat(read(started).peers())
                .singleElement()
                .satisfies(peer -> assertThat(peer.probes()).isZero());
    }

    @Test
    void whatAnswersIsOpenedAnewWhenItHasEnded() throws Exception {
        served.set(Optional.of(serves(1, 2)));
        start();
        segment.awaitProbesOf(N2, 1);
        segment.ended = true;
        segment.awaitProbesOf(N2, 2);

        assertThat(segment.answering).containsExactly("open 10.70.0.1", "closed", "open 10.70.0.1");
    }

    @Test
    void aNodeWithoutABudgetTakesNoPart() throws Exception {
        served.set(Optional.of(serves(1, 2)));
        Mesh off = new Mesh(N1, Optional.empty(), segment, served::get, InstantSource.system());
        off.leave(DEMO);
        off.close();

        assertThat(read(off)).isEqualTo(new MeshRpc.Series(0, Optional.empty(), Optional.empty(), List.of()));
        assertThat(segment.probed).isEmpty();
        assertThat(segment.answering).isEmpty();
    }

    @Test
    void whatDoesNotGoKeepsNobodyFromTryingAgain() throws Exception {
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        segment.awaitProbesOf(N2, 1);
        segment.stays = true;
        FutureTask<Boolean> first = new FutureTask<>(() -> started.leave(DEMO), true);
        Thread.ofVirtual().start(first);
        assertThatThrownBy(first::get).hasCauseInstanceOf(IllegalStateException.class);

        segment.stays = false;
        FutureTask<Boolean> second = new FutureTask<>(() -> started.leave(DEMO), true);
        Thread.ofVirtual().start(second);

        assertThat(second.get()).isTrue();
        assertThat(segment.answering).last().isEqualTo("closed");
    }

    @Test
    void whatAgentsAskOfItIsAnsweredAndItLeavesByItsHook() throws Exception {
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        segment.awaitProbesOf(N2, 1);
        try (RpcServer server = RpcServer.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Connections.plain(),
                        started.services());
                RpcChannel channel = Connections.plain().to(Peer.agent(N1, server.address()))) {
            assertThat(channel.call(MeshRpc.READ, new MeshRpc.Read(N1, 5), Duration.ofSeconds(20))
                            .cluster())
                    .contains(DEMO);
        }

        for (LeaveHook hook : started.leaveHooks()) {
            hook.leave(DEMO);
        }
        assertThat(segment.answering).last().isEqualTo("closed");
    }

    /** Rank 0 is another's. */
    @Test
    void eachMemberProbesAllOthersWhateverItsRank() throws Exception {
        segment.away = Optional.of(N1);
        served.set(Optional.of(serves(DEMO, 1, N2, 3)));
        Mesh started = start(N2, FAST);
        segment.awaitProbesOf(N3, 1);
        segment.awaitProbesOf(N1, 1);

        assertThat(news.take().members()).containsExactly(N1);
        assertThat(started.read(new MeshRpc.Read(N2, 5)).peers())
                .extracting(MeshPeer::peer)
                .containsExactly(N1, N3);
    }

    @Test
    void thatTheLastWhoWasNotReachedLeavesIsTold() throws Exception {
        segment.away = Optional.of(N3);
        served.set(Optional.of(serves(1, 3)));
        start();
        assertThat(news.take().members()).containsExactly(N3);

        served.set(Optional.of(serves(2, 2)));

        assertThat(news.take().members()).isEmpty();
    }

    @Test
    void whoHasNoRdmaDeviceIsNotProbed() throws Exception {
        served.set(Optional.of(serves(DEMO, 1, N1, List.of(member(1, "rxe0"), member(2, ""), member(3, "rxe0")))));
        Mesh started = start();
        segment.awaitProbesOf(N3, 3);

        assertThat(read(started).peers()).extracting(MeshPeer::peer).containsExactly(N3);
    }

    @Test
    void withoutAnRdmaDeviceOrOtherMembersNothingIsOpened() throws Exception {
        served.set(Optional.of(serves(DEMO, 1, N1, List.of(member(1, ""), member(2, "rxe0"), member(3, "rxe0")))));
        Mesh started = start();
        awaitPause();
        assertThat(read(started)).isEqualTo(new MeshRpc.Series(5_000, Optional.empty(), Optional.empty(), List.of()));

        started.close();
        served.set(Optional.of(serves(1, 1)));
        Mesh alone = start();
        awaitPause();
        assertThat(read(alone)).isEqualTo(new MeshRpc.Series(5_000, Optional.empty(), Optional.empty(), List.of()));
        assertThat(segment.answering).isEmpty();
    }

    @Test
    void inAnotherClusterNothingIsKnownOfTheSameMembers() throws Exception {
        segment.away = Optional.of(N2);
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        assertThat(news.take().members()).containsExactly(N2);

        segment.away = Optional.empty();
        started.leave(DEMO);
        segment.probed.clear();
        served.set(Optional.of(serves(new ClusterName("next"), 1, N1, 2)));
        segment.awaitProbesOf(N2, 2);

        assertThat(read(started).peers())
                .singleElement()
                .satisfies(peer -> assertThat(peer.lost()).isZero());
    }

    @Test
    void betweenTwoProbesTheBudgetIsWaitedFor() throws Exception {
        served.set(Optional.of(serves(1, 3)));
        start(N1, ONE_PROBE);
        segment.awaitProbesOf(N2, 1);
        awaitPause();

        assertThat(segment.probed).isEmpty();
    }

    @Test
    void whoCannotTakePartOrMeetsADefectWaitsBeforeHeTriesAgain() throws Exception {
        segment.unplugged = true;
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        segment.awaitProbesOf(N2, 1);
        awaitPause();
        assertThat(read(started).problem()).contains("the device is gone");
        started.close();

        segment.unplugged = false;
        segment.defective = true;
        Mesh again = start();
        segment.awaitProbesOf(N2, 1);
        awaitPause();
        assertThat(read(again).problem().orElseThrow()).contains("a bug");
    }

    @Test
    void whoIsToLeaveAnotherClusterGoesOnWithHisOwn() throws Exception {
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        segment.awaitProbesOf(N2, 1);

        started.leave(new ClusterName("other"));
        segment.probed.clear();

        segment.awaitProbesOf(N2, 2);
    }

    @Test
    @Timeout(240)
    void afterSomebodyHasWaitedForAProbeTheNextTurnComesAtOnce() throws Exception {
        CountDownLatch until = new CountDownLatch(1);
        segment.deaf = until;
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start(N1, ONE_PROBE);
        segment.awaitProbesOf(N2, 1);
        Thread leaves = Thread.ofPlatform().start(() -> started.leave(DEMO));
        while (leaves.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        segment.deaf = null;
        until.countDown();
        leaves.join();
        served.set(Optional.of(serves(2, 2)));

        segment.awaitProbesOf(N2, 1);
    }

    @Test
    void whatHasNotGoneIsTriedAgainWithoutBeingAsked() throws Exception {
        segment.stuck = true;
        segment.stays = true;
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        segment.awaitProbesOf(N2, 1);
        assertThatThrownBy(() -> started.leave(DEMO)).isInstanceOf(IllegalStateException.class);
        segment.answering.clear();

        segment.stays = false;

        assertThat(segment.answering.take()).isEqualTo("closed");
    }

    @Test
    void whoIsAskedToLeaveAfterTheEndIsNotKeptWaiting() throws Exception {
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        segment.awaitProbesOf(N2, 1);
        started.close();

        started.leave(DEMO);

        assertThat(Objects.requireNonNull(thread).isAlive()).isFalse();
        assertThat(segment.answering).containsExactly("open 10.70.0.1", "closed");
    }

    @Test
    void whoEndsItThoughHeIsInterruptedWaitsForItsEndAndIsInterruptedStill() throws Exception {
        served.set(Optional.of(serves(1, 2)));
        Mesh started = start();
        segment.awaitProbesOf(N2, 1);
        CountDownLatch until = new CountDownLatch(1);
        segment.closing = until;
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread ends = Thread.ofPlatform().start(() -> {
            Thread.currentThread().interrupt();
            started.close();
            interrupted.set(Thread.interrupted());
        });
        segment.answering.take();
        assertThat(segment.answering.take()).isEqualTo("closed");
        while (ends.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        until.countDown();
        ends.join();

        assertThat(interrupted).isTrue();
        assertThat(Objects.requireNonNull(thread).isAlive()).isFalse();
    }

    @Test
    void ofMoreMembersFewerProbesEachAreToldOneByOne() throws Exception {
        served.set(Optional.of(serves(DEMO, 1, N1, 4_002)));
        Mesh started = start();
        segment.awaitProbesOf(N2, 1);
        segment.awaitProbesOf(N3, 1);

        assertThat(read(started).peers().getFirst()).satisfies(peer -> {
            assertThat(peer.probes()).isPositive();
            assertThat(peer.latest()).isEmpty();
        });
    }
}
