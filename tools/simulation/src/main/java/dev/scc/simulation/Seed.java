package dev.scc.simulation;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Request;
import dev.scc.host.NodeName;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.Step;
import dev.scc.host.net.StepFailed;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What happens under one seed: a pool is set up, clients ask, faults happen; they end, and all has to come to rest. */
final class Seed {
    private static final long TO_SETTLE = 600 * Timeline.SECOND;
    /** Less than the time after which everything is read anew in any case. */
    private static final long AT_ONCE = 20 * Timeline.SECOND;

    private static final long TO_FORGIVE = 1200 * Timeline.SECOND;

    private final Simulation sim;
    private final int nodes;

    private Seed(long seed, Simulation.Tracing tracing) {
        int replicas = 1 + Math.floorMod(seed, 3);
        sim = new Simulation(seed, replicas, tracing);
        nodes = 3 + sim.chance.below(4);
    }

    /**
     * What came of it.
     *
     * @param broken what was found; empty if all promises were kept
     * @param last the last lines of the trace, if it was one with words
     */
    record Result(long seed, Optional<Throwable> broken, long digest, Tally tally, List<String> last) {}

    static Result run(long seed, Simulation.Tracing tracing) {
        Seed one = new Seed(seed, tracing);
        @Nullable Throwable broken = null;
        try {
            one.live();
        } catch (BrokenPromise | RuntimeException e) {
            broken = e;
        }
        Simulation sim = one.sim;
        sim.tally.seeds = 1;
        sim.tally.events = sim.timeline.happened();
        sim.tally.simulatedNanos = sim.timeline.now();
        return new Result(seed, Optional.ofNullable(broken), sim.trace.digest(), sim.tally, sim.trace.last());
    }

    private void live() {
        Chance chance = sim.chance;
        for (int i = 1; i <= nodes; i++) {
            Hardware machine = new Hardware(i, new NodeName("n" + i), "n" + i);
            sim.hardware.add(machine);
            if (chance.oneIn(4)) {
                leftover(machine);
            }
            sim.timeline.at(chance.between(0, 2 * Timeline.SECOND), () -> {
                if (machine.agent == null) {
                    sim.startAgent(machine);
                }
            });
        }
        int controllers = chance.of(List.of(1, 2, 2, 3, 3));
        for (int i = 1; i <= controllers; i++) {
            String name = "s" + i;
            sim.timeline.at(chance.between(0, Timeline.SECOND), () -> sim.startController(name));
        }
        long busy = chance.between(30, 120) * Timeline.SECOND;
        new Workload(sim, nodes).plan(4 + chance.below(8), busy);
        if (!chance.oneIn(12)) {
            sim.timeline.at(chance.between(0, 5 * Timeline.SECOND), sim.faults::begin);
        }
        sim.run(busy);
        sim.faults.end();
        Quiet quiet = new Quiet(sim);
        quiet.settle(TO_SETTLE);
        if (chance.oneIn(10)) {
            sim.run(TO_FORGIVE);
            quiet.settle(TO_SETTLE);
            quiet.forgiven();
        }
        if (chance.oneIn(2)) {
            serve(quiet);
        }
        if (chance.oneIn(8)) {
            sim.promises.care.absence(quiet, TO_SETTLE);
        }
        if (chance.oneIn(2)) {
            clear(quiet);
        }
    }

    /** In a pool where all is well and at rest a client is served at once. */
    private void serve(Quiet quiet) {
        ClusterSpec spec = ClusterSpec.of("last", 1 + sim.chance.below(3));
        sim.ask("last", new Request.Create(spec), AT_ONCE);
        sim.run(Timeline.SECOND / 10);
        quiet.settle(AT_ONCE);
        if (sim.chance.oneIn(2)) {
            sim.ask("more", new Request.Scale(spec.name(), 1 + sim.chance.below(nodes)), AT_ONCE);
            sim.run(Timeline.SECOND / 10);
            quiet.settle(AT_ONCE);
        }
    }

    private void clear(Quiet quiet) {
        int number = 0;
        for (ClusterName name : List.copyOf(sim.promises.tree.clusters.keySet())) {
            sim.ask("clear" + ++number, new Request.Delete(name), AT_ONCE);
        }
        sim.run(Timeline.SECOND / 10);
        quiet.settle(AT_ONCE);
        quiet.nothingLeft();
    }

    /** Something that bears our mark and that nobody knows of any more. */
    private static void leftover(Hardware machine) {
        machine.forgotten = true;
        try {
            machine.kernel.apply(List.of(new Step.Add(new NetObject.Link(
                    "eth1.4000", "forgotten", new LinkKind.Vlan("eth1", 4000), 1500, Optional.empty()))));
        } catch (StepFailed e) {
            throw new IllegalStateException(e);
        }
    }
}
