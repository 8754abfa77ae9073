package dev.scc.simulation;

import static dev.scc.simulation.Roles.require;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.host.NodeName;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A machine joins whose owner means harm. It is not given out, and writes what it may: clusters are created and deleted on the
 * other nodes as ever, and none of those is blamed for anything.
 */
final class Hostility {
    /** First by name, so whatever is taken in the order of names begins with it. */
    private static final NodeName HOSTILE = new NodeName("n0");

    private static final int NUMBER = 60;

    private final Simulation sim;
    private final Quiet quiet;
    private final long atOnce;

    Hostility(Simulation sim, Quiet quiet, long atOnce) {
        this.sim = sim;
        this.quiet = quiet;
        this.atOnce = atOnce;
    }

    void happens() {
        Hardware machine = new Hardware(NUMBER, HOSTILE, HOSTILE.value());
        sim.strangers.add(machine);
        HostileProcess hostile = new HostileProcess(sim, machine);
        long end = sim.timeline.now() + atOnce;
        while (!sim.promises.tree.nodes.containsKey(HOSTILE)) {
            require(sim.timeline.now() < end, "P6", () -> HOSTILE + " is not enrolled");
            sim.run(Timeline.SECOND / 10);
        }
        ask("keep-away", new Request.Cordon(HOSTILE, "nobody knows whose it is"));
        agentListensElsewhere();
        Map<NodeName, Integer> before = failures();
        hostile.harm();
        for (int round = 0; round < 3; round++) {
            sim.run(sim.chance.between(0, 3 * Timeline.SECOND));
            createAndDelete("beside" + round);
        }
        hostile.kill();
        sim.run(20 * Timeline.SECOND);
        quiet.settle(atOnce);
        failures()
                .forEach((node, failures) -> require(
                        node.equals(HOSTILE) || failures <= before.getOrDefault(node, 0),
                        "no innocent is blamed",
                        () -> node + " has " + failures + " failures, and had " + before.get(node)));
    }

    /** What is true about an address is taken up: a free node's agent is started anew, on another port. */
    private void agentListensElsewhere() {
        for (Hardware machine : sim.hardware) {
            AgentProcess agent = machine.agent;
            boolean free = sim.machine(machine.node) == machine && sim.promises.tree.free(machine.node);
            if (free && agent != null && agent.alive()) {
                agent.kill();
                machine.port++;
                sim.startAgent(machine);
                long end = sim.timeline.now() + atOnce;
                while (!calledAt(machine)) {
                    require(sim.timeline.now() < end, "P6", () -> machine.node + " is called where its agent was");
                    sim.run(Timeline.SECOND / 10);
                }
                quiet.settle(atOnce);
                return;
            }
        }
    }

    private boolean calledAt(Hardware machine) {
        NodeRecord record = sim.promises.tree.nodes.get(machine.node);
        return record != null && record.machine().agent().equals(Optional.of(machine.agentAddress()));
    }

    private void createAndDelete(String name) {
        boolean possible = sim.promises.tree.nodes.values().stream().anyMatch(this::suitable);
        Outcome outcome = ask(name, new Request.Create(ClusterSpec.of(name, 1)));
        require(
                !possible || outcome instanceof Outcome.Done,
                "whatever one node writes, clusters are created on others",
                () -> "create " + name + ": " + outcome);
        if (outcome instanceof Outcome.Done) {
            ask("no-" + name, new Request.Delete(new ClusterName(name)));
        }
    }

    private Outcome ask(String id, Request request) {
        sim.ask(id, request, atOnce);
        sim.run(Timeline.SECOND / 10);
        quiet.settle(atOnce);
        return java.util.Objects.requireNonNull(sim.promises.tree.outcomes.get(id));
    }

    private boolean suitable(NodeRecord node) {
        Mirror.Held<Assignment> held = sim.promises.tree.assignments.get(node.node());
        return held != null && held.value() instanceof Assignment.Free && !node.outOfService();
    }

    private Map<NodeName, Integer> failures() {
        Map<NodeName, Integer> failures = new TreeMap<>();
        sim.promises
                .tree
                .nodes
                .values()
                .forEach(node -> failures.put(node.node(), node.health().failures()));
        return failures;
    }
}
