package dev.scc.simulation;

import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.agent.OlderEpoch;
import dev.scc.cluster.tree.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A copy of the servers' data, which is older than what agents have obeyed by the time when it is needed. */
final class Backup {
    /** By then every agent has looked at its assignment, and has said what it thinks of it. */
    private static final long TO_SAY = 60 * Timeline.SECOND;

    private final Simulation sim;
    private Map<String, Entry> data = Map.of();

    Backup(Simulation sim) {
        this.sim = sim;
    }

    void make() {
        data = sim.zk.backup();
        sim.promises.backedUp();
    }

    /** The servers start with it. Whoever refuses to obey says so, and its owner does what it says. */
    void restore(Quiet quiet, long toSettle) {
        if (data.isEmpty()) {
            return;
        }
        sim.tally.fault("older data restored");
        sim.trace.mark("--", "older data are restored", "");
        sim.clients.forEach(SimProcess::kill);
        // Controllers are in the servers' processes.
        List<ControllerProcess> controllers =
                sim.controllers.stream().filter(SimProcess::alive).toList();
        controllers.forEach(SimProcess::kill);
        sim.zk.restore(data);
        sim.promises.setBack(data);
        for (Hardware machine : sim.hardware) {
            machine.ahead = true;
            machine.strays = VpcPromises.strays(machine, sim.promises.tree);
        }
        sim.processes().forEach(process -> process.wire.disconnect("the servers start anew"));
        controllers.forEach(controller -> sim.startController(controller.name));
        sim.faults.oneMachinePerNode();
        sim.run(TO_SAY);
        refusing().forEach(this::forgets);
        quiet.settle(toSettle);
    }

    private List<Hardware> refusing() {
        List<Hardware> refusing = new ArrayList<>();
        sim.promises.tree.assignments.forEach((node, held) -> {
            Hardware machine = sim.machine(node);
            OlderEpoch older = new OlderEpoch(
                    held.value().epoch(), NodePromises.page(machine).epoch());
            if (older.assigned() < older.obeyed()) {
                NodeStatus status = sim.promises.tree.statuses.get(node);
                Roles.require(
                        status != null
                                && status.assignment() == held.version()
                                && status.state().equals(older.refusal()),
                        "P4",
                        () -> machine + " does not say that it refuses " + held + ": " + status);
                refusing.add(machine);
            }
        });
        return refusing;
    }

    /** What the agent's message says: stop it, remove its ledger, start it. Jobs are ended before. */
    private void forgets(Hardware machine) {
        sim.tally.fault("ledger removed as told");
        sim.trace.mark(machine.instance, "loses its ledger", "");
        AgentProcess agent = machine.agent;
        if (agent != null) {
            agent.kill();
        }
        machine.job = java.util.Optional.empty();
        machine.disk.wipe();
        sim.promises.diskReplaced(machine);
        sim.startAgent(machine);
    }
}
