package dev.scc.cluster.agent;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.Unreached;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.fabric.mesh.MeshBudget;
import dev.scc.fabric.mesh.MeshPeer;
import dev.scc.fabric.mesh.MeshPlace;
import dev.scc.fabric.mesh.MeshProber;
import dev.scc.fabric.mesh.MeshSample;
import dev.scc.fabric.mesh.MeshSeries;
import dev.scc.fabric.mesh.MeshTurns;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.ProbeMember;
import dev.scc.host.NodeName;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's part of its cluster's mesh: while the node serves a cluster it probes the other members over RDMA, one after the
 * other, and answers theirs. What came of it is kept until the cluster leaves. Safe for use by several threads.
 */
public final class Mesh implements AgentProcess.Extension, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Mesh.class);

    /** While there is nothing to probe, or it cannot be done. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** Of all members together, so that an answer stays small. */
    private static final int MOST_SAMPLES = 4_000;

    private final NodeName node;
    private final Optional<MeshBudget> budget;
    private final MeshProber prober;
    private final Supplier<Optional<ServedCluster>> served;
    private final InstantSource clock;
    private final AtomicReference<Runnable> news = new AtomicReference<>(() -> {});
    private final Thread thread;
    /** Who has something to change, and waits for the turn to end. */
    private final AtomicInteger waiting = new AtomicInteger();
    /** Held by who changes where the node takes part, and for the length of a probe. */
    private final ReentrantLock turn = new ReentrantLock();

    private final Condition changed = turn.newCondition();
    private boolean closed;
    private Optional<Roster> left = Optional.empty();
    private Optional<MeshPlace> place = Optional.empty();
    private MeshProber.@Nullable Answering answering;
    private long turns;

    private final Object book = new Object();
    private Optional<ClusterName> cluster = Optional.empty();
    private Optional<String> problem = Optional.empty();
    private final Map<NodeName, MeshSeries> series = new LinkedHashMap<>();
    private Optional<Unreached> unreached = Optional.empty();

    /**
     * Begins to take part.
     *
     * @param budget empty for a node that takes no part in meshes
     */
    public Mesh(
            NodeName node,
            Optional<MeshBudget> budget,
            MeshProber prober,
            Supplier<Optional<ServedCluster>> served,
            InstantSource clock) {
        this.node = node;
        this.budget = budget;
        this.prober = prober;
        this.served = served;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("mesh-" + node).unstarted(this::run);
        if (budget.isPresent()) {
            thread.start();
        }
    }

    /** Which members were not reached when that changed last; empty if they have all been reached, always. */
    public Optional<Unreached> unreached() {
        synchronized (book) {
            return unreached;
        }
    }

    @Override
    public List<ServerServiceDefinition> services() {
        return List.of(new RpcService(MeshRpc.SERVICE)
                .unary(MeshRpc.READ, (_, ask) -> read(ask))
                .definition());
    }

    @Override
    public List<LeaveHook> leaveHooks() {
        return List.of(this::leave);
    }

    @Override
    public void onNews(Runnable said) {
        news.set(said);
    }

    MeshRpc.Series read(MeshRpc.Read ask) throws RpcFailed {
        if (!ask.node().equals(node)) {
            throw new RpcFailed(RpcFailed.Kind.INVALID, "this is node " + node + ", not " + ask.node());
        }
        synchronized (book) {
            int each = Math.clamp(ask.most(), 0, MOST_SAMPLES / Math.max(1, series.size()));
            List<MeshPeer> peers =
                    series.values().stream().map(one -> one.now(each)).toList();
            return new MeshRpc.Series(budget.map(MeshBudget::packetsPerSecond).orElse(0), cluster, problem, peers);
        }
    }

    private void run() {
        turn.lock();
        try {
            while (!closed) {
                try {
                    pause(guardedTurn());
                } catch (InterruptedException e) {
                    log.atTrace().log("somebody wants it to end, or a cluster to leave");
                }
                while (waiting.get() > 0) {
                    changed.awaitUninterruptibly();
                }
            }
            stopAnswering();
        } finally {
            turn.unlock();
        }
    }

    /** Gives others their turn. Who changes something interrupts it, or has said before that he waits. */
    private void pause(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        while (nanos > 0 && waiting.get() == 0) {
            nanos = changed.awaitNanos(nanos);
        }
    }

    /** A defect ends a turn and is told; the others' turns come. */
    private Duration guardedTurn() throws InterruptedException {
        try {
            return turn();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a defect in scc ended a turn of the mesh");
            synchronized (book) {
                problem = Optional.of("a defect in scc: " + e);
            }
            return IDLE;
        }
    }

    /** Returns how long to pause. */
    private Duration turn() throws InterruptedException {
        long begun = System.nanoTime();
        Optional<ServedCluster> serves = served.get()
                .filter(now -> !now.self().rdmaDevice().isEmpty())
                .filter(now -> !left.equals(Optional.of(now.roster())));
        follow(serves);
        if (answering == null) {
            return IDLE;
        }
        MeshPlace here = place.orElseThrow();
        NodeName peer = new MeshTurns(names(here), node).at(turns++);
        ProbeMember member = here.members().stream()
                .filter(one -> one.node().equals(peer))
                .findFirst()
                .orElseThrow();
        try {
            note(peer, prober.probe(here, member, clock.millis()));
        } catch (CannotVerify e) {
            cannot(e);
            return IDLE;
        }
        return budget.orElseThrow().between().minusNanos(System.nanoTime() - begun);
    }

    /** Takes part where the node serves now. Other members of the same cluster keep what is known of them. */
    private void follow(Optional<ServedCluster> serves) {
        Optional<MeshPlace> wanted =
                serves.map(this::place).filter(there -> there.members().size() > 1);
        if (!wanted.equals(place)) {
            stopAnswering();
            place = wanted;
            synchronized (book) {
                Optional<ClusterName> now = serves.map(one -> one.roster().cluster());
                if (!now.equals(cluster)) {
                    series.clear();
                    unreached = Optional.empty();
                    cluster = now;
                }
                List<NodeName> members = wanted.map(Mesh::names).orElse(List.of());
                series.keySet().retainAll(members);
                members.stream()
                        .filter(member -> !member.equals(node))
                        .forEach(member -> series.computeIfAbsent(member, MeshSeries::new));
            }
            tellUnreached();
        }
        if (answering != null && answering.ended()) {
            stopAnswering();
        }
        if (answering == null && place.isPresent()) {
            try {
                answering = prober.answer(place.get());
                synchronized (book) {
                    problem = Optional.empty();
                }
            } catch (CannotVerify e) {
                cannot(e);
            }
        }
    }

    private MeshPlace place(ServedCluster serves) {
        Roster roster = serves.roster();
        return new MeshPlace(
                node,
                serves.self().rdmaDevice(),
                serves.self().rdmaNetdev(),
                roster.segment().vlan(),
                serves.self().rdmaAddress(),
                roster.members().stream()
                        .filter(member -> !member.rdmaDevice().isEmpty())
                        .map(Mesh::probed)
                        .toList());
    }

    private static ProbeMember probed(Member member) {
        return new ProbeMember(member.node(), member.rdmaAddress());
    }

    private static List<NodeName> names(MeshPlace place) {
        return place.members().stream().map(ProbeMember::node).toList();
    }

    private void cannot(CannotVerify why) {
        String words = String.valueOf(why.getMessage());
        synchronized (book) {
            if (problem.equals(Optional.of(words))) {
                return;
            }
            problem = Optional.of(words);
        }
        log.atWarn().addKeyValue("why", words).log("takes no part in the mesh for now");
    }

    private void note(NodeName peer, MeshSample sample) {
        synchronized (book) {
            Optional.ofNullable(series.get(peer)).ifPresent(known -> known.add(sample));
        }
        tellUnreached();
    }

    private void tellUnreached() {
        boolean differs;
        synchronized (book) {
            List<NodeName> broken = series.entrySet().stream()
                    .filter(one -> one.getValue().brokenSince().isPresent())
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
            differs = !broken.equals(unreached.map(Unreached::members).orElse(List.of()));
            if (differs) {
                unreached = Optional.of(new Unreached(clock.millis(), broken));
            }
        }
        if (differs) {
            news.get().run();
        }
    }

    /** Nothing of the mesh may be on the device when the cluster's networks go. */
    void leave(ClusterName leaving) {
        if (budget.isEmpty()) {
            return;
        }
        alone(() -> {
            left = served.get()
                    .map(ServedCluster::roster)
                    .filter(roster -> roster.cluster().equals(leaving));
            follow(Optional.empty());
        });
    }

    /** Does something while no probe is under way. */
    private void alone(Runnable change) {
        waiting.incrementAndGet();
        thread.interrupt();
        turn.lock();
        try {
            change.run();
        } finally {
            waiting.decrementAndGet();
            changed.signalAll();
            turn.unlock();
        }
    }

    private void stopAnswering() {
        if (answering != null) {
            answering.close();
            answering = null;
        }
    }

    @Override
    public void close() {
        if (budget.isEmpty()) {
            return;
        }
        alone(() -> closed = true);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
