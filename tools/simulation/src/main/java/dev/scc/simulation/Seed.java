package dev.scc.simulation;

import static dev.scc.simulation.Roles.require;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Request;
import dev.scc.fabric.inventory.Need;
import dev.scc.host.Cidr;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule;
import dev.scc.vpc.VpcName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What happens under one seed: a pool is set up, clients ask, faults happen; they end, and all has to come to rest. */
final class Seed {
    private static final long TO_SETTLE = 600 * Timeline.SECOND;
    private static final int ROUNDS_OF_CLEARING = 3;
    private static final int MOST_ROUNDS = 12;

    /** Less than the time after which everything is read anew in any case. */
    private static final long AT_ONCE = 20 * Timeline.SECOND;

    /** Longer than an agent waits, twice, for one that is killed meanwhile. */
    private static final long OUT_OF_THE_WAY = 60 * Timeline.SECOND;

    private static final long TO_FORGIVE = 1200 * Timeline.SECOND;

    /** Where some machines have routes of their own: all, or some, of what clusters are given by default. */
    private static final List<Need> NEEDS = List.of(
            need("172.16.0.0/12"),
            need("172.16.0.0/20"),
            need("10.0.0.0/8"),
            need("10.70.0.0/16"),
            need("10.71.0.5/32"));

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

    /** What a seed is of: clusters and their agents, and then jobs. */
    static Result run(long seed, Simulation.Tracing tracing) {
        Result clusters = clusters(seed, tracing);
        if (clusters.broken().isPresent()) {
            return clusters;
        }
        Result jobs = jobs(seed, tracing);
        clusters.tally().add(jobs.tally());
        clusters.tally().seeds = 1;
        return new Result(seed, jobs.broken(), clusters.digest() * 31 + jobs.digest(), clusters.tally(), jobs.last());
    }

    static Result jobs(long seed, Simulation.Tracing tracing) {
        JobScene scene = new JobScene(seed, tracing);
        return result(seed, scene.sim, scene::play);
    }

    static Result clusters(long seed, Simulation.Tracing tracing) {
        Seed one = new Seed(seed, tracing);
        return result(seed, one.sim, one::live);
    }

    private static Result result(long seed, Simulation sim, Runnable life) {
        @Nullable Throwable broken = null;
        try {
            life.run();
        } catch (BrokenPromise | RuntimeException e) {
            broken = e;
        }
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
                MachineFaults.soil(machine);
            }
            if (chance.oneIn(5)) {
                machine.need(List.of(chance.of(NEEDS)));
            }
            sim.timeline.at(chance.between(0, 2 * Timeline.SECOND), () -> {
                if (machine.agent == null && !machine.scrapped) {
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
        Backup backup = new Backup(sim);
        sim.timeline.at(chance.between(Timeline.SECOND, busy), backup::make);
        sim.run(busy);
        sim.faults.end();
        Quiet quiet = new Quiet(sim);
        quiet.settle(TO_SETTLE);
        if (chance.oneIn(12)) {
            backup.restore(quiet, TO_SETTLE);
        }
        if (chance.oneIn(10)) {
            sim.run(TO_FORGIVE);
            quiet.settle(TO_SETTLE);
            quiet.forgiven();
        }
        if (chance.oneIn(6)) {
            new Hostility(sim, quiet, AT_ONCE).happens();
        }
        if (chance.oneIn(2)) {
            serve(quiet);
        }
        if (chance.oneIn(8)) {
            sim.promises.care.absence(quiet, TO_SETTLE);
        }
        if (chance.oneIn(6)) {
            cutOff(quiet);
        }
        if (chance.oneIn(2)) {
            clear(quiet);
        }
        if (chance.oneIn(2)) {
            new Rest(sim, quiet).keep();
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

    /** Wherever its networks are built, they are in the way to ZooKeeper: that has to be got out of without any help. */
    private void cutOff(Quiet quiet) {
        sim.hardware.stream()
                .filter(Hardware::bare)
                .forEach(machine -> machine.servers = Optional.of(MachineFaults.somewhere(sim.chance)));
        sim.ask("cutting", new Request.Create(ClusterSpec.of("cutting", 1)), TO_SETTLE);
        sim.run(4 * Timeline.SECOND);
        if (sim.chance.oneIn(2)) {
            // Whoever comes after one that is killed has to go on with it.
            sim.run(sim.chance.between(0, 20 * Timeline.SECOND));
            for (Hardware machine : sim.hardware) {
                AgentProcess agent = machine.agent;
                if (agent != null && agent.alive() && machine.cutOff()) {
                    agent.kill();
                    sim.timeline.after(3 * Timeline.SECOND, () -> sim.faults.revive(machine));
                }
            }
            sim.run(4 * Timeline.SECOND);
        }
        long end = sim.timeline.now() + OUT_OF_THE_WAY;
        while (sim.hardware.stream().anyMatch(Hardware::cutOff)) {
            require(sim.timeline.now() < end, "P6", () -> "somebody stands in its own way to ZooKeeper for too long");
            sim.run(Timeline.SECOND / 2);
        }
        sim.hardware.forEach(MachineFaults::knownAgain);
        quiet.settle(TO_SETTLE);
    }

    private void clear(Quiet quiet) {
        int number = 0;
        // Whoever has given up may ask for the same once more, as late as now, and again.
        for (int round = 0; round < ROUNDS_OF_CLEARING || (isAnythingLeft() && round < MOST_ROUNDS); round++) {
            for (ClusterName name : List.copyOf(sim.promises.tree.clusters.keySet())) {
                sim.ask("clear" + ++number, new Request.Delete(name), AT_ONCE);
            }
            sim.run(Timeline.SECOND / 10);
            quiet.settle(AT_ONCE);
            for (Plug plug : plugs()) {
                sim.ask("clear" + ++number, new Request.EniDetach(plug.eni()), AT_ONCE);
            }
            sim.run(Timeline.SECOND / 10);
            quiet.settle(AT_ONCE);
            // Each may be named by a rule of the other.
            for (GroupRecord group : List.copyOf(sim.promises.tree.groups.values())) {
                for (GroupRule rule : group.rules()) {
                    if (rule.about().isPresent()) {
                        sim.ask("clear" + ++number, new Request.GroupRuleChange(group.name(), false, rule), AT_ONCE);
                    }
                }
            }
            sim.run(Timeline.SECOND / 10);
            quiet.settle(AT_ONCE);
            for (GroupName group : List.copyOf(sim.promises.tree.groups.keySet())) {
                sim.ask("clear" + ++number, new Request.GroupDelete(group), AT_ONCE);
            }
            sim.run(Timeline.SECOND / 10);
            quiet.settle(AT_ONCE);
            for (VpcName vpc : List.copyOf(sim.promises.tree.vpcs.keySet())) {
                sim.ask("clear" + ++number, new Request.VpcDelete(vpc), AT_ONCE);
            }
            sim.run(Timeline.SECOND / 10);
            quiet.settle(AT_ONCE);
        }
        quiet.nothingLeft();
    }

    private boolean isAnythingLeft() {
        return !sim.promises.tree.clusters.isEmpty()
                || !plugs().isEmpty()
                || !sim.promises.tree.groups.isEmpty()
                || !sim.promises.tree.vpcs.isEmpty();
    }

    private List<Plug> plugs() {
        return sim.promises.tree.plugs.values().stream()
                .flatMap(held -> held.value().plugs().stream())
                .toList();
    }

    private static Need need(String network) {
        return new Need(Cidr.parse(network), Need.Kind.ROUTE, "via 10.99.0.1 on eth0");
    }
}
