package dev.scc.simulation;

import dev.scc.cluster.Paths;
import dev.scc.cluster.Roster;
import dev.scc.cluster.Unreached;
import dev.scc.cluster.agent.Agent;
import dev.scc.cluster.agent.Identity;
import dev.scc.cluster.agent.InventorySource;
import dev.scc.cluster.agent.LeaveHook;
import dev.scc.cluster.agent.TreeTexts;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Ledger;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A real agent on a machine. */
final class AgentProcess extends SimProcess {
    /** Agents of all seeds read much the same. */
    private static final TreeTexts TEXTS = TreeTexts.ofManyAgents();

    final Hardware hardware;
    final Agent agent;
    /** In this pass the assignment has been read from the tree. */
    boolean knowsAssignment;

    private boolean cutByRoutes;

    AgentProcess(Simulation sim, Hardware hardware) {
        super(sim, hardware.instance);
        this.hardware = hardware;
        SimTree tree = SimTree.ofNode(this, hardware.node);
        Identity identity = new Identity(
                hardware.node, hardware.instance, hardware.underlay(), hardware.agentAddress(), "eth1", "1");
        this.agent = new Agent(
                tree,
                TEXTS,
                identity,
                new StepwiseMachine(this, hardware),
                new DeviceNetwork(this, hardware, new ModelNetwork(hardware)),
                new InventorySource() {
                    @Override
                    public NodeInventory read() throws CommandFailed {
                        if (hardware.cannotBeLookedAt) {
                            throw new CommandFailed("rdma -j link: timed out");
                        }
                        return hardware.inventory();
                    }

                    @Override
                    public Optional<Unreached> unreached() {
                        return hardware.unreached;
                    }
                },
                new Ledger<>(hardware.disk.of(this), Roster.class),
                List.of(this::leave),
                clock(),
                sim.timeline::now);
        followRoutes();
        agent.onNews(this::signal);
        tree.watch(Paths.assign(hardware.node), this::signal);
        tree.watch(Paths.plugs(hardware.node), this::signal);
        tree.watch(Paths.node(hardware.node), this::signal);
        start(this::live);
    }

    private void leave(dev.scc.cluster.ClusterName cluster) throws LeaveHook.CannotLeave {
        sleep(sim.chance.between(0, 20 * Timeline.MILLI));
        if (hardware.cannotLeave) {
            sim.tally.fault("job did not end");
            throw new LeaveHook.CannotLeave("a job of " + cluster + " does not end");
        }
        if (hardware.job.equals(Optional.of(cluster))) {
            hardware.job = Optional.empty();
        }
    }

    @Override
    boolean cutOff() {
        return hardware.cutOff();
    }

    /** What is built on a machine may be in the way to ZooKeeper, and is out of it again when it is taken back. */
    final void followRoutes() {
        if (cutOff() == cutByRoutes) {
            return;
        }
        cutByRoutes = cutOff();
        sim.trace.mark(name, cutByRoutes ? "has cut itself off" : "is not in its own way any more", "");
        if (cutByRoutes) {
            sim.tally.fault("cut off by what was built");
            wire.cut(true, true);
        } else {
            wire.heal();
        }
    }

    /** Its mesh has news. */
    final void reachesOthers() {
        agent.doubtInventory();
        signal();
    }

    private void live() {
        try {
            agent.recall();
        } catch (IOException e) {
            throw new BrokenPromise("an agent can read its own ledger", name + ": " + e.getMessage(), e);
        }
        react(agent);
    }

    @Override
    void beginPass() {
        knowsAssignment = false;
        sim.promises.ledgers.passBegins(hardware);
    }

    @Override
    void hasRead(String path) {
        super.hasRead(path);
        knowsAssignment |= path.equals(Paths.assign(hardware.node));
    }
}
