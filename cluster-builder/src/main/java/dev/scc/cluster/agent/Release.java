package dev.scc.cluster.agent;

import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.NodeStatus.Clean;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.Roster;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.loopback.LoopbackOutcome;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node's RDMA device comes back from a cluster. Nothing is said of the node before its device has been looked at and has
 * talked to itself, or that could not be tried, or did not end in time. What is worse than it was is said with "clean", and it is
 * tried again until all is well.
 *
 * <p>Which device has to be checked does not depend on what this process has seen: each of which no "clean" stands in the tree, and
 * each of which one says that it is worse. A check runs beside passes, and its end asks for one.
 */
final class Release {
    private static final Logger log = LoggerFactory.getLogger(Release.class);

    /** A check that takes longer has failed. A fraction of what a controller waits for a node that leaves. */
    static final Duration LONGEST = Duration.ofSeconds(16);

    /** At most so much counts from one look to the next: a process that has stood still has not waited. */
    static final Duration LOOK = Duration.ofSeconds(2);

    /** From one check of a device that is not well to the next. */
    static final Duration AGAIN = Duration.ofSeconds(10);

    private static final Duration NOTHING_TO_WAIT_FOR = Duration.ofHours(1);

    private final NodeName node;
    private final NodeNetwork network;
    private final LongSupplier nanos;
    private final AtomicReference<Runnable> news = new AtomicReference<>(() -> {});
    private Optional<Member> former = Optional.empty();
    private volatile Stage stage = new Stage.Unseen();
    /** The check that was cancelled last: no other begins before it has ended. */
    private Optional<Run> cancelled = Optional.empty();

    Release(NodeName node, NodeNetwork network, LongSupplier nanos) {
        this.node = node;
        this.network = network;
        this.nanos = nanos;
    }

    /**
     * What may be said of a node that is bare.
     *
     * @param clean empty as long as nothing may
     * @param phases what led there
     * @param pause after which it is to be asked for again
     */
    record Verdict(Optional<Clean> clean, List<PhaseTime> phases, Duration pause) {}

    /** How far it is. */
    private sealed interface Stage {
        /** This process has not looked yet: what stands in the tree counts. */
        record Unseen() implements Stage {}

        /**
         * It has to be checked.
         *
         * @param worse what is known against it
         * @param seen whether that was seen without a check, so that it is over as soon as it is not seen any more
         */
        record Due(Optional<String> worse, boolean seen) implements Stage {}

        /**
         * A check is under way.
         *
         * @param worse what is known against it
         * @param before what the agent had spent its time on
         */
        record Checking(Run run, Optional<String> worse, List<PhaseTime> before) implements Stage {}

        /**
         * It is not well.
         *
         * @param again when it is checked next
         */
        record Bad(String why, long again) implements Stage {}

        /** It is well, as far as that could be tried. */
        record Good(Optional<String> unchecked) implements Stage {}
    }

    /** One check. */
    private static final class Run {
        private final AtomicReference<Optional<LoopbackOutcome>> outcome = new AtomicReference<>(Optional.empty());
        private final long begun;
        private NodeNetwork.Check check = () -> {};
        private boolean cancelled;
        /** Whether its end is news: of a check that ends at once it is none. */
        private volatile boolean awaited;

        private long looked;
        private long waited;

        Run(long now) {
            begun = now;
            looked = now;
        }

        boolean over() {
            return outcome.get().isPresent();
        }

        /** Whether it has been waited for long enough. */
        boolean overdue(long now) {
            waited += Math.min(now - looked, LOOK.toNanos());
            looked = now;
            return waited >= LONGEST.toNanos();
        }

        void waitAnew(long now) {
            looked = now;
            waited = 0;
        }
    }

    /** What is called when a check has ended. */
    void onNews(Runnable ended) {
        news.set(ended);
    }

    /** Another cluster, or none, takes the place of the one that the node has served. */
    void change(Optional<Roster> serving, Optional<Roster> wanted) {
        serving.map(roster -> roster.member(node)).ifPresent(member -> {
            former = Optional.of(member);
            checkAnew();
        });
        wanted.map(roster -> roster.member(node)).ifPresent(member -> {
            former = Optional.empty();
            checkAnew();
            network.entrust(member);
        });
    }

    private void checkAnew() {
        cancel();
        stage = new Stage.Due(Optional.empty(), false);
    }

    /** Ends a check that is under way, if there is one. */
    void cancel() {
        if (stage instanceof Stage.Checking checking) {
            checking.run().cancelled = true;
            checking.run().check.cancel();
            cancelled = Optional.of(checking.run());
        }
    }

    /**
     * Looks at the device of a node that serves nothing and is bare.
     *
     * @param said what the node has said of its assignment
     * @param netdev the interface that segments are made on
     * @param changed whether something on the node has, which may have mended it
     * @param before what led here, told together with what comes of it
     */
    Verdict look(
            Optional<NodeStatus.State> said,
            NodeInventory has,
            String netdev,
            boolean changed,
            List<PhaseTime> before) {
        if (stage instanceof Stage.Unseen) {
            stage = asSaid(said);
        }
        if (stage instanceof Stage.Bad bad && (changed || nanos.getAsLong() - bad.again() >= 0)) {
            stage = new Stage.Due(Optional.of(bad.why()), false);
        }
        if (stage instanceof Stage.Checking checking
                && checking.run().cancelled
                && checking.run().over()) {
            stage = new Stage.Due(checking.worse(), false);
        }
        if (stage instanceof Stage.Due due) {
            stage = begin(due.seen() ? Optional.empty() : due.worse(), has, netdev, before);
        }
        if (!(stage instanceof Stage.Checking checking)) {
            return verdict(before);
        }
        stage = judge(checking);
        if (!(stage instanceof Stage.Bad || stage instanceof Stage.Good)) {
            return verdict(before);
        }
        tell();
        List<PhaseTime> phases = new ArrayList<>(checking.before());
        long took = nanos.getAsLong() - checking.run().begun;
        phases.add(new PhaseTime("device", Duration.ofNanos(took).toMillis()));
        return verdict(phases);
    }

    private static Stage asSaid(Optional<NodeStatus.State> said) {
        if (said.isEmpty() || !(said.get() instanceof Clean clean)) {
            return new Stage.Due(Optional.empty(), false);
        }
        return clean.worse().isPresent() ? new Stage.Due(clean.worse(), false) : new Stage.Good(clean.unchecked());
    }

    private Verdict verdict(List<PhaseTime> phases) {
        return switch (stage) {
            case Stage.Unseen _ -> throw new IllegalStateException("a device that has been looked at is unseen");
            case Stage.Due due ->
                new Verdict(due.worse().map(Clean::worse), phases, due.seen() ? NOTHING_TO_WAIT_FOR : LOOK);
            case Stage.Checking checking -> new Verdict(checking.worse().map(Clean::worse), phases, LOOK);
            case Stage.Bad bad ->
                new Verdict(
                        Optional.of(Clean.worse(bad.why())),
                        phases,
                        Duration.ofNanos(Math.max(0, bad.again() - nanos.getAsLong())));
            case Stage.Good good ->
                new Verdict(Optional.of(new Clean(Optional.empty(), good.unchecked())), phases, NOTHING_TO_WAIT_FOR);
        };
    }

    /** What can be seen at once comes first, and as long as that is not well nothing else is tried. */
    private Stage begin(Optional<String> worse, NodeInventory has, String netdev, List<PhaseTime> before) {
        Optional<String> seen = former.flatMap(member -> network.worse(member, has));
        if (seen.isPresent()) {
            return new Stage.Due(seen, true);
        }
        if (cancelled.isPresent() && !cancelled.get().over()) {
            // Two checks at once would be in each other's way.
            cancelled.get().waitAnew(nanos.getAsLong());
            return new Stage.Checking(cancelled.get(), worse, before);
        }
        cancelled = Optional.empty();
        Optional<Member> with = former.filter(member -> !member.rdmaDevice().isEmpty());
        String device = with.map(Member::rdmaDevice)
                .orElseGet(() -> has.rdmaDevices().stream()
                        .filter(one -> one.netdev().equals(netdev))
                        .findFirst()
                        .map(RdmaDevice::name)
                        .orElse(""));
        if (device.isEmpty()) {
            return new Stage.Good(Optional.of("the node has no RDMA device"));
        }
        Run run = new Run(nanos.getAsLong());
        run.check = network.check(device, with.map(Member::rdmaNetdev).orElse(netdev), has, outcome -> {
            run.outcome.set(Optional.of(outcome));
            if (run.awaited) {
                news.get().run();
            }
        });
        run.awaited = true;
        return new Stage.Checking(run, worse, before);
    }

    private Stage judge(Stage.Checking checking) {
        Run run = checking.run();
        boolean overdue = run.overdue(nanos.getAsLong());
        Optional<LoopbackOutcome> outcome = run.outcome.get();
        if (outcome.isPresent() && run.cancelled) {
            // It says nothing of the device as that is now.
            return new Stage.Due(checking.worse(), false);
        }
        if (outcome.isPresent()) {
            return switch (outcome.get()) {
                case LoopbackOutcome.Passed _ -> new Stage.Good(Optional.empty());
                case LoopbackOutcome.Failed failed -> bad(failed.why());
                // That it cannot be tried now refutes nothing that is known against it.
                case LoopbackOutcome.NotTried unknown ->
                    checking.worse().map(this::bad).orElseGet(() -> new Stage.Good(Optional.of(unknown.why())));
            };
        }
        if (overdue) {
            cancel();
            return bad("the check of its RDMA device did not end within " + LONGEST.toSeconds() + " s");
        }
        return checking;
    }

    private Stage bad(String why) {
        return new Stage.Bad(why, nanos.getAsLong() + AGAIN.toNanos());
    }

    private void tell() {
        if (stage instanceof Stage.Bad bad) {
            log.atWarn().addKeyValue("node", node).addKeyValue("why", bad.why()).log("RDMA device is not well");
        } else if (stage instanceof Stage.Good good && good.unchecked().isPresent()) {
            log.atInfo()
                    .addKeyValue("node", node)
                    .addKeyValue("why", good.unchecked().get())
                    .log("RDMA device not checked");
        }
    }
}
