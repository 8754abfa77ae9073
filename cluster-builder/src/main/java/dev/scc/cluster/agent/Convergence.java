package dev.scc.cluster.agent;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.NodeStatus.Clean;
import dev.scc.cluster.NodeStatus.Reached;
import dev.scc.cluster.NodeStatus.SegmentAddress;
import dev.scc.cluster.NodeStatus.State;
import dev.scc.cluster.NodeStatus.StepFailed;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.Roster;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.Machine;
import dev.scc.host.net.NetState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a node what its assignment says, with the ledger written before each change, and says what came of it.
 *
 * <p>Networks that are new on a node are on trial: they stay only if a server is reached while they are there. The ledger says
 * so, for an agent that is killed meanwhile. Once a server has been reached, nothing is ever taken back without a server's word.
 */
public final class Convergence {
    private static final Logger log = LoggerFactory.getLogger(Convergence.class);

    private final NodeName node;
    private final NetworkBuilder builder;
    private final NetLeftovers leftovers;
    private final NodeNetwork network;
    private final Ledger<Roster> ledger;
    private final List<LeaveHook> leaveHooks;
    private final LongSupplier nanos;
    private final Trial trial;
    private final EniConvergence enis;
    private final Release release;

    private final AtomicReference<Optional<ServedCluster>> served = new AtomicReference<>(Optional.empty());

    /**
     * One that has not looked at the machine yet.
     *
     * @param leaveHooks called in this order before a cluster's networks go
     * @param nanos a clock of which only differences count, in nanoseconds
     */
    public Convergence(
            NodeName node,
            Machine machine,
            NodeNetwork network,
            Ledger<Roster> ledger,
            List<LeaveHook> leaveHooks,
            LongSupplier nanos) {
        this.node = node;
        this.builder = new NetworkBuilder(node, machine, nanos);
        this.leftovers = new NetLeftovers(machine);
        this.network = network;
        this.ledger = ledger;
        this.leaveHooks = List.copyOf(leaveHooks);
        this.nanos = nanos;
        this.trial = new Trial(ledger, nanos);
        this.release = new Release(node, network, nanos);
        this.enis = new EniConvergence(node, machine, builder, network, ledger);
    }

    /**
     * What came of it.
     *
     * @param changed what was made, removed or replaced, such as {@code link:eni0}
     */
    public record Result(State state, List<PhaseTime> phases, List<String> changed) {
        public Result {
            phases = List.copyOf(phases);
            changed = List.copyOf(changed);
        }

        Result(State state, List<PhaseTime> phases) {
            this(state, phases, List.of());
        }
    }

    /** The ENIs of this node. */
    EniConvergence enis() {
        return enis;
    }

    /** Brings back what is ours of the node's RDMA device. @throws CommandFailed if it does not come back */
    List<String> mend() throws CommandFailed {
        return network.mend();
    }

    /** How this node's RDMA device comes back from clusters. */
    Release release() {
        return release;
    }

    Optional<ServedCluster> served() {
        return served.get();
    }

    /** The highest epoch obeyed so far. */
    long epoch() throws IOException {
        return ledger.read().epoch();
    }

    /** Takes up what the ledger says, for those who ask before the tree has answered. */
    void recall() throws IOException {
        trial.recall();
        Optional<Roster> roster = ledger.read().serving();
        served.set(roster.map(known -> new ServedCluster(known, known.member(node), Optional.empty())));
        // How its device was before the cluster nobody knows any more; from now on it must not get worse.
        roster.ifPresent(known -> network.entrust(known.member(node)));
    }

    /** What bears our mark and is no part of what the ledger says that this node serves. */
    List<NodeLeftover> leftovers(boolean remove, NodeInventory has) throws IOException, CommandFailed {
        Optional<Roster> serving = ledger.read().serving();
        NetState wanted;
        try {
            wanted = enis.target(serving, has, enis.applied());
        } catch (IllegalArgumentException e) {
            throw new CommandFailed("what node " + node + " is to have is not known yet: " + e.getMessage(), e);
        }
        String serves = serving.map(roster -> "the node serves cluster " + roster.cluster())
                .orElse("the node serves none");
        return leftovers.look(wanted, serves, remove);
    }

    /**
     * A server has been reached since the last change of this node: if all was built then, it stays.
     *
     * @throws IOException if that cannot be written down; it is tried again
     */
    void serverReached() throws IOException {
        trial.serverReached();
    }

    /** Whether something that was built waits for a server to be reached. */
    boolean onTrial() {
        return trial.runs();
    }

    /** Whether no server was reached for too long since what is on trial was built. */
    boolean overdue() {
        return trial.overdue();
    }

    /**
     * Takes back what is on trial. Nothing else is done without a server's word.
     *
     * @throws IOException if the ledger cannot be read or written
     * @throws CommandFailed if the node cannot be looked at
     */
    void takeBack(NodeInventory has) throws IOException, CommandFailed, InterruptedException {
        Ledger.Page<Roster> page = ledger.read();
        if (!page.onTrial()) {
            trial.end();
            return;
        }
        log.atWarn()
                .addKeyValue("node", node)
                .addKeyValue("cluster", name(page.serving()))
                .log("no server reached since its networks were built; taking them back");
        page.serving().ifPresent(trial::lost);
        // On trial until all is gone: an agent that is killed meanwhile has to go on with it.
        Result result = converge(page.epoch(), Optional.empty(), has, true);
        if (result.state() instanceof StepFailed failed) {
            log.atError()
                    .addKeyValue("node", node)
                    .addKeyValue("step", failed.step())
                    .addKeyValue("why", failed.why())
                    .log("not all taken back; trying again");
            return;
        }
        trial.settle();
    }

    /**
     * Brings the node to what is wanted, or takes back what a step that failed had before it.
     *
     * @param epoch of the assignment
     * @param wanted the roster to serve; empty for none
     * @throws IOException if the ledger cannot be read or written; nothing was changed then
     * @throws CommandFailed if the node cannot be looked at; nothing was changed then
     */
    public Result converge(long epoch, Optional<Roster> wanted, NodeInventory has)
            throws IOException, CommandFailed, InterruptedException {
        return converge(epoch, wanted, has, false);
    }

    private Result converge(long epoch, Optional<Roster> wanted, NodeInventory has, boolean takingBack)
            throws IOException, CommandFailed, InterruptedException {
        if (wanted.filter(trial::hopeless).isPresent()) {
            return failed(
                    "reach a server",
                    "no server was reached for " + Trial.LONGEST.toSeconds() + " s after VPC "
                            + wanted.get().vpc().cidr() + " and segment "
                            + wanted.get().segment().cidr() + " had been built, so they were taken back",
                    List.of());
        }
        NetState target;
        try {
            target = enis.target(wanted, has, enis.applied());
        } catch (IllegalArgumentException e) {
            return failed("plan", String.valueOf(e.getMessage()), List.of());
        }
        Ledger.Page<Roster> page = ledger.read();
        // With a new revision of its cluster the node stays what it is until it has taken that up: jobs may start
        // meanwhile.
        boolean another = page.serving().filter(now -> same(now, wanted)).isEmpty();
        if (another) {
            served.set(Optional.empty());
            release.change(page.serving(), wanted);
        }
        Optional<StepFailed> stays = another ? leave(page.serving()) : Optional.empty();
        if (stays.isPresent()) {
            return new Result(stays.get(), List.of());
        }
        NetworkBuilder.Planned plan = builder.plan(target);
        // What is merely repaired has shown before that it does no harm.
        boolean isNew = wanted.isPresent() && plan.fromNothing();
        Optional<String> obstacle = isNew ? network.networks().obstacle(wanted.get(), has) : Optional.empty();
        if (obstacle.isPresent()) {
            return failed("plan", "node " + node + " has to reach " + obstacle.get(), List.of());
        }
        boolean onTrial = takingBack || (wanted.isPresent() && (isNew || another || page.onTrial()));
        if (onTrial) {
            trial.begin();
        }
        Ledger.Page<Roster> next = new Ledger.Page<>(epoch, wanted, plan.marked(), onTrial);
        if (!plan.steps().isEmpty()
                || !page.serving().equals(wanted)
                || page.epoch() != epoch
                || page.onTrial() != onTrial) {
            ledger.write(next);
        }
        if (!onTrial) {
            trial.end();
        }
        NetworkBuilder.Built built = page.serving().isEmpty() && wanted.isEmpty()
                ? builder.runCleaning(plan, name(wanted))
                : builder.run(plan, name(wanted));
        if (built.failed().isPresent()) {
            if (built.failed().get().left().isEmpty() && !takingBack) {
                // Undone: nothing can be in the way. The ledger still says so, for whatever is built next.
                trial.end();
            }
            return new Result(built.failed().get(), built.phases());
        }
        if (wanted.isEmpty()) {
            boolean repaired = page.serving().isEmpty() && enis.settled();
            return new Result(new Clean(), built.phases(), repaired ? plan.keys() : List.of());
        }
        if (onTrial) {
            trial.built();
        }
        Result reached = reached(wanted.get(), built.phases());
        return isNew ? reached : new Result(reached.state(), reached.phases(), plan.keys());
    }

    /** Before the networks of a cluster go, all that uses them has to end. */
    private Optional<StepFailed> leave(Optional<Roster> serving) throws InterruptedException {
        if (serving.isEmpty()) {
            return Optional.empty();
        }
        ClusterName cluster = serving.get().cluster();
        for (LeaveHook hook : leaveHooks) {
            try {
                hook.leave(cluster);
            } catch (LeaveHook.CannotLeave e) {
                return Optional.of(new StepFailed(
                        "leave " + cluster,
                        String.valueOf(e.getMessage()),
                        List.of("what cluster " + cluster + " made")));
            }
        }
        return Optional.empty();
    }

    /** Another revision of the same cluster goes on; a new cluster of the same name has another network. */
    private static boolean same(Roster serving, Optional<Roster> wanted) {
        return wanted.filter(next -> next.cluster().equals(serving.cluster())
                        && next.segment().vlan().equals(serving.segment().vlan()))
                .isPresent();
    }

    private Result reached(Roster roster, List<PhaseTime> before) throws InterruptedException {
        List<PhaseTime> phases = new ArrayList<>(before);
        long start = nanos.getAsLong();
        try {
            Optional<SegmentAddress> segment = network.reached(roster, node);
            phases.add(new PhaseTime("gid", (nanos.getAsLong() - start) / 1_000_000));
            served.set(Optional.of(new ServedCluster(roster, roster.member(node), segment)));
            return new Result(new Reached(roster.cluster(), roster.revision(), segment), phases);
        } catch (NodeNetwork.NotReached e) {
            return new Result(new StepFailed(e.step(), String.valueOf(e.getMessage()), List.of()), phases);
        }
    }

    private static String name(Optional<Roster> serving) {
        return serving.map(Roster::cluster).map(ClusterName::value).orElse("none");
    }

    private static Result failed(String step, String why, List<String> left) {
        return new Result(new StepFailed(step, why, left), List.of());
    }
}
