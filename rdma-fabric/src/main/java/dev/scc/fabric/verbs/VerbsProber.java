package dev.scc.fabric.verbs;

import dev.scc.fabric.inventory.RdmaSysfs;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.LoadPlan;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.PassedOver;
import dev.scc.fabric.verify.ProbeMember;
import dev.scc.fabric.verify.ProbePlan;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Prober;
import dev.scc.fabric.verify.Schedule;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Probes through DiSNI on this machine's RDMA device. */
public final class VerbsProber implements Prober {
    private static final Logger log = LoggerFactory.getLogger(VerbsProber.class);

    private final Limits limits;

    public VerbsProber() {
        this(Limits.DEFAULT);
    }

    public VerbsProber(Limits limits) {
        this.limits = limits;
    }

    /**
     * Loads what probes need, so that the first verification of a JVM is as quick as the later ones. For a daemon's start;
     * takes seconds on an emulated node.
     *
     * @throws CannotVerify if verbs cannot be used on this node: the same that {@link #run} would say
     */
    public static void prepare() throws CannotVerify {
        VerbsLibrary.load();
        Rehearsal.run();
        askConnectionManager();
    }

    /**
     * {@inheritDoc} Results are handed over on a thread of the prober's own: native waits would hold up a virtual thread's
     * carrier. With an interrupt the run ends within a second.
     */
    @Override
    public void run(ProbePlan plan, PassedOver passedOver, Consumer<ProbeResult> results)
            throws CannotVerify, InterruptedException {
        String netdev = netdev(plan.device());
        onThreadOfItsOwn("probe-" + plan.self(), () -> rounds(plan, netdev, passedOver, results));
    }

    /** {@inheritDoc} As {@link #run}, on threads of its own. */
    @Override
    public void load(LoadPlan plan, Consumer<FlowResult> results) throws CannotVerify, InterruptedException {
        Place place = new Place(
                RdmaSysfs.local(), plan.device(), netdev(plan.device()), plan.vlan(), plan.address(plan.self()));
        onThreadOfItsOwn("load-" + plan.self(), () -> new LoadRounds(plan, place, limits.step()).run(results));
    }

    @FunctionalInterface
    private interface Part {
        void run() throws InterruptedException;
    }

    private static void onThreadOfItsOwn(String name, Part part) throws CannotVerify, InterruptedException {
        askConnectionManager();
        try (ExecutorService worker =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).factory())) {
            Future<?> run = worker.submit(() -> {
                part.run();
                return null;
            });
            try {
                run.get();
            } catch (InterruptedException e) {
                run.cancel(true);
                throw e;
            } catch (ExecutionException e) {
                rethrow(e.getCause());
            }
        }
    }

    private static String netdev(String device) throws CannotVerify {
        VerbsLibrary.load();
        try {
            return RdmaSysfs.local().device(device).netdev();
        } catch (IOException e) {
            throw new CannotVerify("cannot verify: there is no RDMA device " + device + " on this node", e);
        }
    }

    private static void askConnectionManager() throws CannotVerify {
        try (CmChannel channel = CmChannel.open()) {
            log.atTrace().addKeyValue("channel", channel).log("the RDMA connection manager answers");
        } catch (IOException e) {
            throw new CannotVerify("cannot verify: " + e.getMessage(), e);
        }
    }

    private static void rethrow(@Nullable Throwable cause) throws InterruptedException {
        switch (cause) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case InterruptedException e -> throw e;
            case null, default -> throw new IllegalStateException("a verification ended unexpectedly", cause);
        }
    }

    private void rounds(ProbePlan plan, String netdev, PassedOver passedOver, Consumer<ProbeResult> results)
            throws InterruptedException {
        long start = System.nanoTime() + limits.start().toNanos();
        Schedule schedule =
                Schedule.of(plan.members().stream().map(ProbeMember::node).toList(), plan.pattern());
        Place place = new Place(RdmaSysfs.local(), plan.device(), netdev, plan.vlan(), address(plan, plan.self()));
        Optional<Listener> listener = listen(place, plan.port());
        try (ProbeMemory memory = new ProbeMemory(ProbeMemory.Use.MEASURE)) {
            ActiveProbe active = new ActiveProbe(new Caller(place, plan.session(), plan.port(), memory, limits.step()));
            for (int round = 0; round < schedule.rounds().size(); round++) {
                Optional<Pair> part = schedule.of(plan.self(), round);
                if (part.isEmpty()) {
                    continue;
                }
                Pair pair = part.get();
                Ipv4 partner = address(plan, pair.other(plan.self()));
                Deadline deadline = new Deadline(
                        start + (round + 1) * limits.round().toNanos(),
                        () -> passedOver.why(pair).isPresent());
                if (pair.active().equals(plan.self())) {
                    results.accept(probe(active, pair, round, partner, passedOver, deadline));
                } else if (listener.isPresent()) {
                    serve(
                            new PassiveProbe(listener.get(), place, plan.session(), memory, limits.step()),
                            pair,
                            round,
                            partner,
                            deadline);
                }
            }
        } finally {
            listener.ifPresent(Listener::close);
        }
    }

    private static ProbeResult probe(
            ActiveProbe active, Pair pair, int round, Ipv4 partner, PassedOver passedOver, Deadline deadline)
            throws InterruptedException {
        if (passedOver.why(pair).isEmpty()) {
            ProbeResult result = active.run(pair, round, partner, deadline);
            if (result.ok() || passedOver.why(pair).isEmpty()) {
                return result;
            }
        }
        return ProbeResult.notTried(pair, passedOver.why(pair).orElseThrow());
    }

    private static Ipv4 address(ProbePlan plan, NodeName node) {
        return plan.members().stream()
                .filter(member -> member.node().equals(node))
                .map(ProbeMember::address)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(node + " is not one of " + plan.members()));
    }

    /** A node that cannot listen can still connect; its partners report that it takes no connections. */
    private static Optional<Listener> listen(Place place, int port) {
        try {
            return Optional.of(Listener.open(place.address(), port));
        } catch (IOException e) {
            log.atWarn().addKeyValue("why", e.getMessage()).log("probes of other nodes cannot be answered");
            return Optional.empty();
        }
    }

    private static void serve(PassiveProbe passive, Pair pair, int round, Ipv4 active, Deadline deadline)
            throws InterruptedException {
        try {
            passive.serve(pair, round, active, deadline);
        } catch (IOException | ProbeFailed e) {
            log.atWarn()
                    .addKeyValue("node", pair.active())
                    .addKeyValue("why", e.getMessage())
                    .log("probe not served to its end");
        }
    }
}
