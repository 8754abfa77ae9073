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
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a node what its assignment says, with the ledger written before each change, and says what came of it. */
public final class Convergence {
    private static final Logger log = LoggerFactory.getLogger(Convergence.class);

    private final NodeName node;
    private final Builder builder;
    private final NetLeftovers leftovers;
    private final NodeNetwork network;
    private final Ledger<Roster> ledger;
    private final List<LeaveHook> leaveHooks;
    private final LongSupplier nanos;
    private final AtomicReference<Optional<Served>> served = new AtomicReference<>(Optional.empty());

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
        this.builder = new Builder(machine, nanos);
        this.leftovers = new NetLeftovers(machine);
        this.network = network;
        this.ledger = ledger;
        this.leaveHooks = List.copyOf(leaveHooks);
        this.nanos = nanos;
    }

    /** What came of it. */
    public record Result(State state, List<PhaseTime> phases) {
        public Result {
            phases = List.copyOf(phases);
        }
    }

    Optional<Served> served() {
        return served.get();
    }

    /** The highest epoch obeyed so far. */
    long epoch() throws IOException {
        return ledger.read().epoch();
    }

    /** Takes up what the ledger says, for those who ask before the tree has answered. */
    void recall() throws IOException {
        Optional<Roster> roster = ledger.read().serving();
        served.set(roster.map(known -> new Served(known, known.member(node), Optional.empty())));
    }

    /** What bears our mark and is no part of what the ledger says that this node serves. */
    List<Found> leftovers(boolean remove, NodeInventory has) throws IOException, CommandFailed {
        Optional<Roster> serving = ledger.read().serving();
        NetState wanted =
                serving.map(roster -> network.wanted(roster, node, has)).orElseGet(NetState::empty);
        String serves = serving.map(roster -> "the node serves cluster " + roster.cluster())
                .orElse("the node serves none");
        return leftovers.look(wanted, serves, remove);
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
        NetState target;
        try {
            target = wanted.map(roster -> network.wanted(roster, node, has)).orElseGet(NetState::empty);
        } catch (IllegalArgumentException e) {
            return failed("plan", String.valueOf(e.getMessage()), List.of());
        }
        Ledger.Page<Roster> page = ledger.read();
        // With a new revision of its cluster the node stays what it is until it has taken that up: jobs may start
        // meanwhile.
        if (page.serving().filter(now -> same(now, wanted)).isEmpty()) {
            served.set(Optional.empty());
        }
        Optional<StepFailed> stays = leave(page, wanted);
        if (stays.isPresent()) {
            return new Result(stays.get(), List.of());
        }
        Builder.Planned plan = builder.plan(target);
        if (!plan.steps().isEmpty() || !page.serving().equals(wanted) || page.epoch() != epoch) {
            ledger.write(new Ledger.Page<>(epoch, wanted, all(plan.observed(), target)));
        }
        Builder.Built built = builder.run(plan);
        if (built.steps() > 0) {
            log.atInfo()
                    .addKeyValue("node", node)
                    .addKeyValue(
                            "cluster",
                            wanted.map(Roster::cluster).map(ClusterName::value).orElse("none"))
                    .addKeyValue("steps", built.steps())
                    .addKeyValue("failed", built.failed().map(StepFailed::step).orElse("none"))
                    .log("node changed");
        }
        if (built.failed().isPresent()) {
            return new Result(built.failed().get(), built.phases());
        }
        return wanted.isPresent() ? reached(wanted.get(), built.phases()) : new Result(new Clean(), built.phases());
    }

    /** What may be on the node from now on until the plan is through: all else sits on these. */
    private static NetState all(NetState observed, NetState target) {
        Map<String, NetObject> objects = new TreeMap<>(observed.marked().objects());
        objects.putAll(target.marked().objects());
        return new NetState(objects);
    }

    /** Before the networks of a cluster go, all that uses them has to end. */
    private Optional<StepFailed> leave(Ledger.Page<Roster> page, Optional<Roster> wanted) throws InterruptedException {
        if (page.serving().isEmpty() || same(page.serving().get(), wanted)) {
            return Optional.empty();
        }
        ClusterName cluster = page.serving().get().cluster();
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
            served.set(Optional.of(new Served(roster, roster.member(node), segment)));
            return new Result(new Reached(roster.cluster(), roster.revision(), segment), phases);
        } catch (NodeNetwork.NotReached e) {
            return new Result(new StepFailed("find GID", String.valueOf(e.getMessage()), List.of()), phases);
        }
    }

    private static Result failed(String step, String why, List<String> left) {
        return new Result(new StepFailed(step, why, left), List.of());
    }
}
