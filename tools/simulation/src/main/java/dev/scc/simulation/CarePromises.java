package dev.scc.simulation;

import static dev.scc.simulation.Roles.require;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Health;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;

/** Which nodes may be given to a cluster, and what becomes of one that fails, or is gone. */
final class CarePromises {
    /** After that, an agent that is gone has lost its session, and the controller its patience. */
    private static final long TO_BE_LOST = 60 * Timeline.SECOND;

    private final Simulation sim;
    private final Mirror tree;

    CarePromises(Simulation sim, Mirror tree) {
        this.sim = sim;
        this.tree = tree;
    }

    /** A node has been given to a cluster. */
    void given(NodeName node, Assignment.Free before, Assignment.Serve serve) {
        NodeStatus status = tree.statuses.get(node);
        require(
                sim.machine(node).ahead
                        || (status != null
                                && status.state() instanceof NodeStatus.Clean
                                && status.assignment() >= before.clean()),
                "P5",
                () -> node + " is given to " + serve.cluster() + ", and has not proved itself clean: " + status);
        require(
                sim.machine(node).ahead
                        || !(status != null && status.state() instanceof NodeStatus.Clean clean)
                        || clean.worse().isEmpty(),
                "a node that came back worse is not given out",
                () -> node + " is given to " + serve.cluster() + ", and says " + status);
        require(
                sim.machine(node).ahead || !sim.machine(node).unchecked,
                "a node is checked before it is given out again",
                () -> node + " is given to " + serve.cluster()
                        + ", and its device was not checked since it was in a cluster");
        require(
                sim.machine(node).proved,
                "P5",
                () -> node + " is given to " + serve.cluster()
                        + ", and it was another machine that has proved itself clean");
        NodeRecord record = Optional.ofNullable(tree.nodes.get(node)).orElseThrow();
        require(
                !record.outOfService(),
                "a node out of service is not given out",
                () -> node + " is given to " + serve.cluster() + ": " + record);
        ClusterRecord cluster =
                Optional.ofNullable(tree.clusters.get(serve.cluster())).orElseThrow();
        require(
                record.labels().entrySet().containsAll(cluster.spec().select().entrySet()),
                "a cluster gets what it selects",
                () -> cluster.spec() + " gets " + record);
    }

    void recorded(NodeRecord node) {
        Health health = node.health();
        require(
                health.drained() || health.failures() < Health.FAILURES_TO_DRAIN,
                "a node that fails again and again is drained",
                () -> node.node() + ": " + health);
    }

    /** When all is at rest, the agent of a node goes and stays away for long enough. */
    void absence(Quiet quiet, long toSettle) {
        List<Hardware> all = sim.hardware.stream()
                .filter(machine -> sim.machine(machine.node) == machine)
                .toList();
        Hardware machine = sim.chance.of(all);
        AgentProcess agent = machine.agent;
        if (agent == null || !agent.alive()) {
            return;
        }
        agent.kill();
        sim.run(TO_BE_LOST);
        NodeRecord record = Optional.ofNullable(tree.nodes.get(machine.node)).orElseThrow();
        require(
                record.health().failures() > 0 && record.health().gone(),
                "P6",
                () -> machine.node + " is gone, and its health is " + record.health());
        for (ClusterRecord cluster : tree.clusters.values()) {
            require(
                    cluster.phase() != ClusterPhase.READY || !cluster.members().contains(machine.node),
                    "P6",
                    () -> machine.node + " is gone, and " + cluster.name() + " is Ready with it");
        }
        sim.startAgent(machine);
        sim.run(Timeline.SECOND);
        quiet.settle(toSettle);
    }
}
