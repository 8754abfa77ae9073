package dev.scc.simulation;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Request;
import dev.scc.host.NodeName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Others that come under the name of one that was there: a machine after a machine, a cluster after a cluster. */
final class Successions {
    private static final List<String> NAMES = List.of("d", "e");

    private final Simulation sim;
    private final Faults faults;
    private final Set<NodeName> forgotten = new HashSet<>();
    private int number;

    Successions(Simulation sim, Faults faults) {
        this.sim = sim;
        this.faults = faults;
    }

    /** A machine is thrown away, and another one, which was used before, is given its name. */
    void replace() {
        List<Hardware> all = sim.hardware.stream()
                .filter(machine -> !machine.scrapped && sim.machine(machine.node) == machine)
                .toList();
        if (all.isEmpty()) {
            return;
        }
        Hardware old = sim.chance.of(all);
        AgentProcess agent = old.agent;
        if (agent != null) {
            agent.kill();
        }
        old.scrapped = true;
        sim.trace.mark(old.instance, "is thrown away", "");
        MachineFaults.forget(old);
        old.disk.wipe();
        sim.promises.diskReplaced(old);
        Hardware next = new Hardware(sim.hardware.size() + 1, old.node, old.node + "+" + ++number);
        MachineFaults.soil(next);
        next.slowness = sim.chance.of(List.of(1, 20, 200));
        sim.hardware.add(next);
        faults.whileOn(sim.chance.between(7 * Timeline.SECOND, 40 * Timeline.SECOND), () -> forget(old));
        faults.whileOn(sim.chance.between(0, 20 * Timeline.SECOND), () -> faults.revive(next));
        // Somebody wants all nodes that there are, again and again.
        for (int i = 0; i < 3; i++) {
            faults.whileOn(sim.chance.between(5 * Timeline.SECOND, 30 * Timeline.SECOND), this::wantAll);
        }
    }

    /** Once for each name: a request that comes late would be about the machine after the one that is meant. */
    private void forget(Hardware old) {
        boolean keeps = !sim.promises.tree.plugs(old.node).isEmpty()
                || Optional.ofNullable(sim.promises.tree.assignments.get(old.node))
                        .filter(held -> held.value() instanceof Assignment.Leave)
                        .isPresent();
        if (old.scrapped && keeps && sim.machine(old.node) == old && forgotten.add(old.node)) {
            // First without vouching for it.
            sim.ask(id(), new Request.Forget(old.node, false), 60 * Timeline.SECOND);
            faults.whileOn(2 * Timeline.SECOND, () -> {
                if (sim.machine(old.node) == old) {
                    sim.ask(id(), new Request.Forget(old.node, true), 60 * Timeline.SECOND);
                }
            });
        }
    }

    private void wantAll() {
        int free = (int) sim.promises.tree.nodes.keySet().stream()
                .filter(sim.promises.tree::free)
                .count();
        if (free > 0) {
            sim.ask(
                    id(),
                    new Request.Create(ClusterSpec.of(sim.chance.of(NAMES), free)),
                    sim.chance.between(20 * Timeline.SECOND, 60 * Timeline.SECOND));
            String gone = sim.chance.of(NAMES);
            faults.whileOn(
                    faults.some(),
                    () -> sim.ask(
                            id(), new Request.Delete(new dev.scc.cluster.ClusterName(gone)), 60 * Timeline.SECOND));
        }
    }

    /** While a member is away its cluster is deleted, and another one is made that has its name. */
    void remake() {
        List<ClusterRecord> all = sim.promises.tree.clusters.values().stream()
                .filter(cluster -> cluster.phase() == ClusterPhase.READY || cluster.phase() == ClusterPhase.DEGRADED)
                .filter(cluster -> !cluster.members().isEmpty())
                .toList();
        if (all.isEmpty()) {
            return;
        }
        ClusterRecord cluster = sim.chance.of(all);
        Hardware away = sim.machine(sim.chance.of(cluster.members()));
        AgentProcess agent = away.agent;
        if (agent != null) {
            agent.kill();
        }
        sim.trace.mark("--", "is made anew", cluster.name());
        sim.ask(id(), new Request.Delete(cluster.name()), 60 * Timeline.SECOND);
        for (int i = 0; i < 2; i++) {
            faults.whileOn(
                    sim.chance.between(Timeline.SECOND, 40 * Timeline.SECOND),
                    () -> sim.ask(id(), new Request.Create(cluster.spec()), 60 * Timeline.SECOND));
        }
        faults.whileOn(sim.chance.between(2 * Timeline.SECOND, 90 * Timeline.SECOND), () -> faults.revive(away));
    }

    private String id() {
        return "succ" + ++number;
    }
}
