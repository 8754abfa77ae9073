package dev.scc.fabric.verbs;

import dev.scc.fabric.inventory.RdmaSysfs;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.Pair;
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
    public void run(ProbePlan plan, Consumer<ProbeResult> results) throws CannotVerify, InterruptedException {
        VerbsLibrary.load();
        String netdev = netdev(plan.device());
        askConnectionManager();
        try (ExecutorService worker = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("probe-" + plan.self()).factory())) {
            Future<?> run = worker.submit(() -> {
                rounds(plan, netdev, results);
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

    private void rounds(ProbePlan plan, String netdev, Consumer<ProbeResult> results) throws InterruptedException {
        long start = System.nanoTime() + limits.start().toNanos();
        Schedule schedule =
                Schedule.of(plan.members().stream().map(ProbeMember::node).toList(), plan.pattern());
        Place place = new Place(RdmaSysfs.local(), plan.device(), netdev, plan.vlan(), address(plan, plan.self()));
        Optional<Listener> listener = listen(place, plan.port());
        try (ProbeMemory memory = new ProbeMemory()) {
            ActiveProbe active = new ActiveProbe(place, plan.session(), plan.port(), memory, limits.step());
            for (int round = 0; round < schedule.rounds().size(); round++) {
                Optional<Pair> part = schedule.of(plan.self(), round);
                if (part.isEmpty()) {
                    continue;
                }
                Pair pair = part.get();
                Ipv4 partner = address(plan, pair.other(plan.self()));
                Deadline deadline =
                        new Deadline(start + (round + 1) * limits.round().toNanos());
                if (pair.active().equals(plan.self())) {
                    results.accept(active.run(pair, round, partner, deadline));
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
