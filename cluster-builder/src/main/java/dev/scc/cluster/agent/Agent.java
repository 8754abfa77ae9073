package dev.scc.cluster.agent;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.Repair;
import dev.scc.cluster.Roster;
import dev.scc.cluster.reactor.Pass;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.Machine;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's agent.
 *
 * <p>What always holds: an assignment of an older epoch than one obeyed before changes nothing. The ledger says what is about
 * to be made before it is made. A status answers one assignment by its version, and says "reached" or "clean" only of what
 * has been read back from the machine. Killed at any point, the next pass observes what is there and goes on from it. What it
 * has built and no server was reached with, it takes back by itself; of what a server was reached with, nothing.
 */
public final class Agent implements Pass {
    private static final Logger log = LoggerFactory.getLogger(Agent.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(3);
    private static final Duration RESYNC = Duration.ofSeconds(30);
    private static final Duration LONGEST_FOR_KEYS = Duration.ofSeconds(15);
    /** In place of the version of an entry that is not there. */
    private static final int NO_PLUGS = -1;

    /** What is repaired within this time is told as one. */
    private static final Duration TOGETHER = Duration.ofSeconds(5);
    /** A disk or a machine that cannot be used for no longer than this is no news. */
    private static final Duration HICCUP = Duration.ofSeconds(5);

    private final Tree tree;
    private final NodeName node;
    private final TreeTexts texts;
    private final Enrolment enrolment;
    private final StatusEntry status;
    private final Convergence convergence;
    private final Stocktaking stock;
    private final AssignedRoster rosters;
    private final EniEntry enis;
    private final String rdmaNetdev;
    private final AtomicReference<Runnable> signal = new AtomicReference<>(() -> {});
    private final InstantSource clock;

    /** Empty where nobody looks names up, as on machines in memory. */
    private Optional<NodeNames> names = Optional.empty();

    private Instant retryAt = Instant.MIN;
    /** Which entry about its ENIs was seen last: they do not wait for a cluster that cannot be built. */
    private int plugsSeen = NO_PLUGS;

    /** Version of the assignment whose members' keys are waited for, and how long. */
    private int keysAwaited = NO_PLUGS;

    private Instant keysUntil = Instant.MIN;

    /** When a step failed last. */
    private Instant failedAt = Instant.MIN;
    /** Something that is not ours has changed since, which may be why the step failed. */
    private volatile boolean mayWork;
    /** What somebody else had changed last. */
    private Optional<Repair> repaired = Optional.empty();
    /** Since when this agent has not been able to look at its node or to write its ledger; empty while it can. */
    private Optional<Instant> unableSince = Optional.empty();
    /** Version of an assignment that this process has reached; -1 before the first. */
    private int reachedOnce = -1;

    /**
     * An agent that does nothing before its first pass.
     *
     * @param texts how it understands what it reads
     * @param leaveHooks called in this order before a cluster's networks go
     * @param nanos a clock of which only differences count, in nanoseconds
     */
    public Agent(
            Tree tree,
            TreeTexts texts,
            Identity identity,
            Machine machine,
            NodeNetwork network,
            InventorySource inventory,
            Ledger<Roster> ledger,
            List<LeaveHook> leaveHooks,
            InstantSource clock,
            LongSupplier nanos) {
        this.tree = tree;
        this.texts = texts;
        this.node = identity.node();
        this.enrolment = new Enrolment(tree, identity);
        this.status = new StatusEntry(tree, node, texts, enrolment);
        this.convergence = new Convergence(node, machine, network, ledger, leaveHooks, nanos);
        this.stock = new Stocktaking(inventory, node, convergence::served);
        this.rosters = new AssignedRoster(tree, node, texts);
        this.enis = new EniEntry(
                tree, node, enrolment, machine.tunnelKeys(), () -> signal.get().run());
        this.rdmaNetdev = identity.rdmaNetdev();
        this.clock = clock;
        convergence.release().onNews(() -> signal.get().run());
        tree.onSession(_ -> {
            status.doubt();
            rosters.doubt();
        });
    }

    /** What is called when something has changed that this agent follows by itself. */
    public void onNews(Runnable news) {
        signal.set(news);
    }

    /** Where its node's programs look names up, from now on. */
    public void onNames(NodeNames keeper) {
        names = Optional.of(keeper);
    }

    /** What this node serves; empty while it is free, builds or leaves. Safe for use by any thread. */
    public Optional<ServedCluster> served() {
        return convergence.served();
    }

    /** What the node has may have changed: it is looked at in the next pass. Safe for use by any thread. */
    public void doubtInventory() {
        mayWork = true;
        stock.doubt();
    }

    /** Takes up what the ledger says, for those who ask before the tree has answered. */
    public void recall() throws IOException {
        convergence.recall();
    }

    /**
     * What bears our mark on this node's networks and is no part of what it serves. Safe for use by any thread; waits for
     * the end of a pass.
     *
     * @param remove whether it is removed, too
     */
    public synchronized List<NodeLeftover> leftovers(boolean remove) throws IOException, CommandFailed {
        return convergence.leftovers(remove, stock.last());
    }

    /** Ends what runs beside its passes. To be called after the last one; safe for use by any thread. */
    public void end() {
        convergence.release().cancel();
    }

    @Override
    public synchronized Duration run() throws ConnectionLost, InterruptedException {
        takeBack();
        Orders orders = ordersOfMember();
        Optional<Entry> entry = orders.assignment();
        if (entry.isEmpty() || (stock.due(clock.instant()) && answered(entry.get()))) {
            try {
                if (!takeStock()) {
                    return SOON;
                }
            } catch (IOException | CommandFailed e) {
                return unable("look at the node", e, tree.get(Paths.assign(node)));
            }
            orders = orders();
            entry = orders.assignment();
        }
        if (entry.isEmpty()) {
            return SOON;
        }
        try {
            Duration pause = obey(entry.get(), orders.plugs());
            unableSince = Optional.empty();
            // What is on trial needs a server now and then, or it is taken for what cuts the node off.
            Duration longest = convergence.onTrial() ? RETRY : RESYNC;
            // Stock is not taken in the moment after an assignment has been obeyed: others may still be at theirs.
            Duration stocktaking = Collections.max(List.of(SOON, stock.pause(clock.instant())));
            return Collections.min(List.of(pause, longest, stocktaking));
        } catch (IOException e) {
            return unable("keep the ledger", e, entry);
        } catch (CommandFailed e) {
            return unable("look at the node", e, entry);
        }
    }

    /** Before the tree is asked for anything, which is what may not be possible any more. */
    private void takeBack() throws InterruptedException {
        try {
            if (convergence.overdue()) {
                convergence.takeBack(stock.last());
            }
        } catch (IOException | CommandFailed e) {
            log.atError().addKeyValue("node", node).setCause(e).log("networks not taken back; trying again");
        }
    }

    /**
     * Tells why nothing is done, if that has been so for a while: for longer where the node is what it should be, for then
     * whatever the controller does about it does more harm.
     */
    private Duration unable(String step, Exception e, Optional<Entry> entry)
            throws ConnectionLost, InterruptedException {
        log.atError()
                .addKeyValue("node", node)
                .addKeyValue("step", step)
                .setCause(e)
                .log("nothing done; trying again");
        Instant since = unableSince.orElse(clock.instant());
        unableSince = Optional.of(since);
        if (entry.isEmpty()) {
            return RETRY;
        }
        StatusEntry.Said said = status.about(entry.get());
        boolean well = said.answer().isPresent() && !(said.answer().get() instanceof NodeStatus.StepFailed);
        if (!clock.instant().isBefore(since.plus(well ? RESYNC : HICCUP))) {
            status.refuse(
                    said, entry.get(), new NodeStatus.StepFailed(step, String.valueOf(e.getMessage()), List.of()));
        }
        return RETRY;
    }

    /** One that is not answered yet is not kept waiting by what is done from time to time. */
    private boolean answered(Entry assignment) throws ConnectionLost, InterruptedException {
        return status.about(assignment).answer().isPresent();
    }

    /**
     * What the node is to be and to have, as of one moment.
     *
     * @param assignment empty if it has none
     * @param plugs its ENIs; empty if it never had any
     */
    private record Orders(Optional<Entry> assignment, Optional<Entry> plugs) {
        static final Orders NONE = new Orders(Optional.empty(), Optional.empty());
    }

    private Orders orders() throws ConnectionLost, InterruptedException {
        String assign = Paths.assign(node);
        String plugs = Paths.plugs(node);
        Map<String, Entry> there = tree.get(List.of(assign, plugs));
        return new Orders(Optional.ofNullable(there.get(assign)), Optional.ofNullable(there.get(plugs)));
    }

    /**
     * None if there is a doubt whether this agent is the node's. Of several entries a read returns only when the watches have
     * signalled what happened before, so the doubt is as young as the assignment.
     */
    private Orders ordersOfMember() throws ConnectionLost, InterruptedException {
        if (!enrolment.sure()) {
            return Orders.NONE;
        }
        Orders orders = orders();
        return enrolment.sure() ? orders : Orders.NONE;
    }

    /** Returns false if the node is not in the pool yet, or if that may have changed while it was looked at. */
    private boolean takeStock() throws IOException, CommandFailed, ConnectionLost, InterruptedException {
        mend();
        int doubts = enrolment.doubts();
        if (!enrolment.ensure()) {
            return false;
        }
        NodeInventory has = stock.take(clock.instant());
        return switch (enrolment.report(has, repaired, stock.findings(), stock.unreached())) {
            case AS_IT_WAS -> {
                enrolment.settle(doubts);
                yield true;
            }
            case WRITTEN -> true;
            case NOT_FIT -> false;
        };
    }

    /** A device that cannot be brought back shows in what the node has, and in what it can serve. */
    private void mend() {
        if (!stock.due(clock.instant())) {
            return;
        }
        try {
            List<String> mended = convergence.mend();
            if (!mended.isEmpty()) {
                tellOfRepair(mended);
            }
        } catch (CommandFailed e) {
            log.atWarn().addKeyValue("node", node).setCause(e).log("RDMA device not brought back; trying again");
        }
    }

    private static int plugsVersion(Optional<Entry> entry) {
        return entry.map(Entry::version).orElse(NO_PLUGS);
    }

    private Duration obey(Entry entry, Optional<Entry> plugsEntry)
            throws IOException, CommandFailed, ConnectionLost, InterruptedException {
        convergence.serverReached();
        Optional<Assignment> read = understood(entry);
        if (read.isEmpty()) {
            return RESYNC;
        }
        Assignment assignment = read.get();
        StatusEntry.Said said = status.about(entry);
        Optional<NodeStatus.State> answer = said.answer();
        if (assignment.epoch() < convergence.epoch()) {
            log.atWarn()
                    .addKeyValue("node", node)
                    .addKeyValue("epoch", assignment.epoch())
                    .log("assignment of an older epoch refused");
            status.refuse(said, entry, new OlderEpoch(assignment.epoch(), convergence.epoch()).refusal());
            return RESYNC;
        }
        if (answer.isPresent() && answer.get() instanceof NodeStatus.StepFailed) {
            Instant when = mayWork ? Collections.min(List.of(retryAt, failedAt.plus(SOON))) : retryAt;
            Duration left = Duration.between(clock.instant(), when);
            if (left.isPositive() && plugsVersion(plugsEntry) == plugsSeen) {
                return left;
            }
        }
        boolean changed = mayWork;
        mayWork = false;
        Optional<Roster> wanted = Optional.empty();
        if (assignment instanceof Assignment.Serve serve) {
            try {
                wanted = rosters.read(entry, serve);
            } catch (IllegalArgumentException e) {
                status.refuse(
                        said,
                        entry,
                        new NodeStatus.StepFailed("read the roster", String.valueOf(e.getMessage()), List.of()));
                return RESYNC;
            }
            if (wanted.isEmpty()) {
                return SOON;
            }
        }
        NodeInventory has = wanted.isPresent() && answer.isEmpty() ? stock.now(clock.instant()) : stock.last();
        plugsSeen = plugsVersion(plugsEntry);
        Optional<EniEntry.Wanted> plugs = enis.wanted(plugsEntry, wanted);
        boolean anew = answer.isEmpty();
        // Keys are replaced also while something else fails again and again.
        boolean failing = answer.filter(NodeStatus.StepFailed.class::isInstance).isPresent();
        plugs.ifPresent(known -> convergence.enis().assume(known.plugged(), anew || failing));
        if (anew && awaitsKeys(entry, wanted, plugs)) {
            return SOON;
        }
        if (plugs.isPresent()
                && (!convergence.enis().fit(wanted, has) || convergence.enis().bereaved())) {
            // After older data were restored, say: those that are there go first, or the cluster could never be built.
            convergence.enis().converge(plugs.get().plugged(), has);
        }
        Convergence.Result result = convergence.converge(assignment.epoch(), wanted, has);
        boolean had = answer.filter(state -> !(state instanceof NodeStatus.StepFailed))
                .isPresent();
        List<String> repairs = had ? Drift.between(answer.get(), result) : List.of();
        if (!repairs.isEmpty()) {
            tellOfRepair(repairs);
        }
        if (convergence.onTrial()) {
            // Asked before anything is said: a status whose answer is lost may be read, and what it says must stay.
            tree.sync();
            convergence.serverReached();
        }
        if (plugs.isPresent()) {
            keepNames(result.state(), wanted, plugs.get());
        }
        Optional<NodeStatus.State> state = Optional.of(result.state());
        List<PhaseTime> phases = result.phases();
        Duration forDevice = RESYNC;
        if (result.state() instanceof NodeStatus.Clean) {
            Release.Verdict verdict = convergence.release().look(answer, has, rdmaNetdev, changed, phases);
            state = verdict.clean().map(NodeStatus.State.class::cast);
            phases = verdict.phases();
            forDevice = verdict.pause();
        }
        boolean news = state.isPresent() && !answer.equals(state);
        if (news && !status.say(said, new NodeStatus(entry.version(), state.get(), phases))) {
            return SOON;
        }
        switch (result.state()) {
            case NodeStatus.Reached _ -> reachedOnce = entry.version();
            case NodeStatus.Clean _ -> reachedOnce = -1;
            case NodeStatus.StepFailed failed -> {
                log.atWarn()
                        .addKeyValue("node", node)
                        .addKeyValue("step", failed.step())
                        .addKeyValue("why", failed.why())
                        .log("step failed");
                // What becomes of a node that could not be built is first of all the controller's decision. If that is
                // to leave it as it is, the node must not need another restart to get well.
                Duration pause =
                        assignment instanceof Assignment.Serve && reachedOnce != entry.version() ? RESYNC : RETRY;
                failedAt = clock.instant();
                retryAt = failedAt.plus(pause);
                return pause;
            }
        }
        Duration enisPause = plugs.isEmpty() ? RESYNC : plug(plugs.get(), has);
        return Collections.min(List.of(enisPause, forDevice));
    }

    /**
     * Whoever says that he is there is probed at once. Members of a cluster in an encrypted VPC have said their keys before they build
     * anything, so one that has not said its key for a while does not come, and that is not waited for.
     */
    private boolean awaitsKeys(Entry entry, Optional<Roster> wanted, Optional<EniEntry.Wanted> plugs) {
        boolean lacking =
                wanted.isPresent() && plugs.isPresent() && plugs.get().plugged().lacksKeysOf(wanted.get());
        if (lacking && keysAwaited != entry.version()) {
            keysAwaited = entry.version();
            keysUntil = clock.instant().plus(LONGEST_FOR_KEYS);
        }
        return lacking && clock.instant().isBefore(keysUntil);
    }

    /** Before anybody hears that the networks are there. What fails is no reason to leave the node without them. */
    private void keepNames(NodeStatus.State state, Optional<Roster> wanted, EniEntry.Wanted plugs) {
        if (names.isEmpty() || state instanceof NodeStatus.StepFailed) {
            return;
        }
        try {
            names.get().keep(KnownNames.of(wanted, plugs.plugged()));
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("node", node)
                    .addKeyValue("why", e.toString())
                    .log("host names are not as they should be; trying again");
        }
    }

    /** Beside the networks of the cluster, once these are as wanted. */
    private Duration plug(EniEntry.Wanted wanted, NodeInventory has)
            throws IOException, CommandFailed, ConnectionLost, InterruptedException {
        EniConvergence.Reached reached = convergence.enis().converge(wanted.plugged(), has);
        reached.failed()
                .ifPresent(why -> log.atWarn()
                        .addKeyValue("node", node)
                        .addKeyValue("step", why.step())
                        .addKeyValue("why", why.why())
                        .log("ENIs not as wanted"));
        enis.say(wanted.version(), reached);
        // That a namespace is there again, or that its name is gone while somebody is in it still, nobody tells.
        boolean handed = wanted.plugged().plugs().stream()
                .anyMatch(plug -> plug.namespace().isPresent());
        return reached.failed().isPresent() || handed ? RETRY : RESYNC;
    }

    /** Of one that nobody understands nothing is known, not even whether it is old: nothing is changed, or said, because of it. */
    private Optional<Assignment> understood(Entry entry) {
        try {
            return Optional.of(texts.assignment(entry.text()));
        } catch (IllegalArgumentException e) {
            log.atError()
                    .addKeyValue("node", node)
                    .addKeyValue("why", e.getMessage())
                    .log("assignment cannot be read");
            return Optional.empty();
        }
    }

    /** With what the node has, which is reported in the next pass. */
    private void tellOfRepair(List<String> what) {
        long at = clock.instant().toEpochMilli();
        // The latest first: of many only some are shown.
        List<String> all = new ArrayList<>(what);
        repaired.filter(before -> at - before.at() < TOGETHER.toMillis()).map(Repair::what).orElse(List.of()).stream()
                .filter(one -> !all.contains(one))
                .forEach(all::add);
        Repair repair = new Repair(at, all);
        log.atWarn()
                .addKeyValue("node", node)
                .addKeyValue("what", repair.words())
                .log("somebody else had changed this; repaired");
        repaired = Optional.of(repair);
        stock.doubt();
    }
}
