package dev.scc.simulation;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Plugged;
import dev.scc.cluster.Repair;
import dev.scc.cluster.Roster;
import dev.scc.cluster.Unreached;
import dev.scc.cluster.tree.Entry;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.host.net.NetPlanner;
import java.util.Map;
import java.util.Optional;

/** What has to come about, some time after the last fault; and what has to be left when everything was deleted: nothing. */
final class Quiet {
    private static final long LOOK = Timeline.SECOND / 2;

    private final Simulation sim;
    private final Mirror tree;

    Quiet(Simulation sim) {
        this.sim = sim;
        this.tree = sim.promises.tree;
    }

    /** Lets time pass until everything has come about. */
    void settle(long atMost) {
        long end = sim.timeline.now() + atMost;
        Optional<String> open = open();
        while (open.isPresent()) {
            if (sim.timeline.now() > end) {
                throw new BrokenPromise("P6", "not after " + atMost / Timeline.SECOND + " s: " + open.get());
            }
            sim.run(LOOK);
            sim.faults.oneMachinePerNode();
            open = open();
        }
        sim.trace.mark("--", "settled", "");
    }

    /** What has not come about yet. */
    private Optional<String> open() {
        return requests().or(this::clusters).or(this::enis).or(this::nodes);
    }

    private Optional<String> requests() {
        for (String id : tree.requests.keySet()) {
            Outcome outcome = tree.outcomes.get(id);
            if (outcome == null || outcome instanceof Outcome.InProgress) {
                return Optional.of("request " + id + " has outcome " + outcome);
            }
        }
        return sim.clients.stream()
                .filter(SimProcess::alive)
                .findFirst()
                .map(client -> "client " + client + " still waits for " + client.id);
    }

    private Optional<String> clusters() {
        for (ClusterRecord cluster : tree.clusters.values()) {
            boolean rests = switch (cluster.phase()) {
                case READY, FAILED -> true;
                case DEGRADED -> hasToWait(cluster);
                case CREATING, VERIFYING, SCALING, REPAIRING, ROLLING_BACK, DELETING -> false;
            };
            if (!rests) {
                return Optional.of("cluster " + cluster.name() + " is " + cluster.phase() + " with " + cluster.members()
                        + " of " + cluster.spec().nodes() + ": " + cluster.failure());
            }
        }
        return Optional.empty();
    }

    /** It has too few members, and its owner does not want it to take others, or there are none. */
    private boolean hasToWait(ClusterRecord cluster) {
        int missing = cluster.spec().nodes() - cluster.members().size();
        if (missing <= 0) {
            return false;
        }
        long suitable = tree.nodes.values().stream()
                .filter(node -> suitable(cluster, node))
                .count();
        return cluster.spec().onFailure() != OnFailure.REPLACE || suitable < missing;
    }

    private boolean suitable(ClusterRecord cluster, NodeRecord node) {
        Mirror.Held<Assignment> held = tree.assignments.get(node.node());
        return held != null
                && held.value() instanceof Assignment.Free
                && !node.outOfService()
                && !cluster.refused().contains(node.node())
                && node.labels().entrySet().containsAll(cluster.spec().select().entrySet())
                && cluster.spec()
                        .arrange()
                        .map(wish -> node.labels().containsKey(wish.label()))
                        .orElse(true);
    }

    private Optional<String> nodes() {
        if (sim.zk.newest().keySet().stream()
                .anyMatch(path -> path.startsWith(Paths.ENROL + "/")
                        && sim.strangers.stream().noneMatch(machine -> path.equals(Paths.enrol(machine.node))))) {
            return Optional.of("somebody asks to be enrolled still");
        }
        for (Hardware machine : sim.hardware) {
            if (sim.machine(machine.node) == machine) {
                Optional<String> open = node(machine);
                if (open.isPresent()) {
                    return open;
                }
            }
        }
        return tree.pools.networks().keySet().stream()
                .filter(number -> tree.clusters.values().stream().noneMatch(one -> one.network() == number))
                .findFirst()
                .map(number -> "number " + number + " belongs to nobody");
    }

    private Optional<String> node(Hardware machine) {
        NodeName node = machine.node;
        Mirror.Held<Assignment> held = tree.assignments.get(node);
        NodeStatus status = tree.statuses.get(node);
        Entry alive = sim.zk.newest().get(Paths.alive(node));
        if (held == null || status == null || alive == null) {
            return Optional.of(node + " is not there: " + held + ", " + status + ", " + alive);
        }
        if (sim.owners.get(alive.owner()) != machine.agent) {
            return Optional.of(node + " is alive by another process");
        }
        Optional<Long> repaired = Optional.ofNullable(sim.zk.newest().get(Paths.inventory(node)))
                .flatMap(entry -> Json.read(entry.text(), Inventory.class).repaired())
                .map(Repair::at);
        Optional<Long> told = Optional.ofNullable(tree.nodes.get(node)).flatMap(NodeRecord::repairTold);
        if (repaired.isPresent() && !repaired.equals(told)) {
            return Optional.of("no event tells of what was repaired on " + node);
        }
        Optional<Long> unreached = Optional.ofNullable(sim.zk.newest().get(Paths.inventory(node)))
                .flatMap(entry -> Json.read(entry.text(), Inventory.class).unreached())
                .map(Unreached::at);
        if (unreached.isPresent()
                && !unreached.equals(Optional.ofNullable(tree.nodes.get(node)).flatMap(NodeRecord::unreachedTold))) {
            return Optional.of("no event tells of whom " + node + " reaches");
        }
        Optional<Roster> serving = NodePromises.page(machine).serving();
        if (NodePromises.page(machine).onTrial()) {
            return Optional.of(node + " has what is on trial still: " + serving);
        }
        return switch (held.value()) {
            case Assignment.Leave leave -> Optional.of(node + " has not left: " + leave + ", says " + status);
            case Assignment.Free free -> {
                // Whatever ailed its device is over.
                boolean clean = exactly(machine)
                        && serving.isEmpty()
                        && status.state() instanceof NodeStatus.Clean well
                        && well.worse().isEmpty();
                yield clean
                        ? Optional.empty()
                        : Optional.of(node + " is " + free + ", says " + status + ", serves " + serving + " and bears "
                                + machine.objects().keySet());
            }
            case Assignment.Serve serve -> {
                ClusterRecord cluster = tree.clusters.get(serve.cluster());
                if (cluster != null && cluster.phase() == ClusterPhase.FAILED) {
                    yield Optional.empty();
                }
                Roster roster = tree.roster(serve.cluster(), serve.revision()).orElseThrow();
                boolean there = NodePromises.serves(machine, roster, tree.plugged(node, Optional.of(roster)))
                        && serving.equals(Optional.of(roster))
                        && status.assignment() == held.version()
                        && status.state() instanceof NodeStatus.Reached;
                yield there
                        ? Optional.empty()
                        : Optional.of(node + " is to " + serve + " (version " + held.version() + "), says " + status
                                + " and bears " + machine.objects().keySet());
            }
        };
    }

    /** Nothing but its ENIs is on a machine that is in no cluster. */
    private boolean exactly(Hardware machine) {
        Plugged plugged = tree.plugged(machine.node, Optional.empty());
        return !Mirror.keyless(machine.node, Optional.empty(), plugged)
                && NetPlanner.plan(
                                machine.kernel.observe(),
                                new ModelNetwork(machine)
                                        .networks()
                                        .wanted(Optional.empty(), machine.node, machine.inventory(), plugged))
                        .isEmpty();
    }

    /** ENIs are there, or gone. */
    private Optional<String> enis() {
        return tree.plugs.entrySet().stream()
                .flatMap(node -> node.getValue().value().plugs().stream()
                        .filter(plug -> plug.phase() != Plug.Phase.ATTACHED)
                        .map(plug -> plug + " of " + node.getKey() + " is under way"))
                .findFirst();
    }

    /** A while without failures, and all is forgiven. */
    void forgiven() {
        tree.nodes
                .values()
                .forEach(node -> Roles.require(
                        node.health().failures() == 0, "P6", () -> node.node() + " is not forgiven: " + node.health()));
    }

    /** After everything was deleted. */
    void nothingLeft() {
        for (Map.Entry<String, Entry> entry : sim.zk.newest().entrySet()) {
            String path = entry.getKey();
            Roles.require(
                    !path.startsWith(Paths.CLUSTERS + "/")
                            && !path.startsWith(Paths.ROSTERS + "/")
                            && !path.startsWith(Paths.VPCS + "/")
                            && !path.startsWith(Paths.GROUPS + "/"),
                    "P5",
                    () -> path + " is left");
        }
        Roles.require(tree.pools.networks().isEmpty(), "P5", () -> "taken are still " + tree.pools);
        for (Hardware machine : sim.hardware) {
            // What was there before its name was another machine's is nobody's business here.
            if (sim.machine(machine.node) == machine || !(machine.forgotten || machine.ahead)) {
                Roles.require(
                        machine.objects().isEmpty(),
                        "P5",
                        () -> machine + " bears " + machine.objects().keySet());
            }
        }
    }
}
