package dev.scc.cluster.front;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.api.Progress;
import dev.scc.cluster.api.Told;
import dev.scc.cluster.api.Waiting;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One caller's request, from writing it to telling its outcome. At most once, by the id: if it is there already, it is this
 * request, or an earlier one that is followed. Not thread-safe.
 */
public final class RequestFollowing {
    private static final Duration LOOK_AT_LEAST = Duration.ofSeconds(1);

    /** What single nodes say is only for people to watch, and a thousand of them say it at about the same time. */
    private static final Duration GATHER = Duration.ofMillis(250);

    /** Of more members than these the server has better to do than to tell each one to people who watch. */
    private static final int FEW = 128;

    /** The least time between two looks at many. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /**
     * And the least for each of them. A look reads all that are not done yet, and the end is not noticed meanwhile: of
     * thousands, a look each second would take a good part of it.
     */
    private static final Duration BETWEEN_LOOKS_FOR_EACH = Duration.ofMillis(1);

    private final Tree tree;
    private final Signals signals;
    private final Waiting waiting;
    private final String id;
    private final RequestRecord request;
    private final Optional<ClusterName> cluster;
    private final Teller teller;
    private final Waiting.Bell changed;
    private final Waiting.Bell urgent;

    /** Nodes whose status has been named by a watch; {@link #statusesUnknown} if it may be any. */
    private final Set<String> named = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean statusesUnknown = new AtomicBoolean(true);
    private final Set<NodeName> told = new HashSet<>();
    private @Nullable ClusterPhase phase;

    /** When single nodes of a cluster with many may be looked at, by the clock that waiting goes by. */
    private long nextLook;

    /** When the caller was last told anything, by the same clock. */
    private long toldAt;

    /** No subscription names the statuses of many. */
    private boolean watchesStatuses;

    /** Whoever wants to know what becomes of the request. */
    @FunctionalInterface
    public interface Teller {
        /** @throws InterruptedException if nobody listens any more */
        void tell(Told told) throws InterruptedException;
    }

    /**
     * One that has not begun.
     *
     * @param id of the request
     * @param request to be written, if there is none of that id
     */
    public RequestFollowing(
            Tree tree, Signals signals, Waiting waiting, String id, RequestRecord request, Teller teller) {
        this.tree = tree;
        this.signals = signals;
        this.waiting = waiting;
        this.id = id;
        this.request = request;
        this.cluster = request.request().about();
        this.teller = teller;
        this.changed = waiting.bell();
        this.urgent = waiting.bell();
    }

    /**
     * Writes it, and tells what becomes of it until its end. Once only.
     *
     * @param beat how often it says that it is there; zero for never
     * @throws ConnectionLost if the tree cannot be reached; the same id again, here or at another server, goes on
     */
    public void run(Duration beat) throws ConnectionLost, RequestIdTaken, InterruptedException {
        List<Signals.Subscription> subscriptions = new ArrayList<>();
        subscriptions.add(signals.on(Paths.request(id), _ -> hurry(), this::hurry));
        cluster.ifPresent(name -> subscriptions.add(signals.on(Paths.cluster(name), _ -> hurry(), this::hurry)));
        try {
            tell(new Told.Beat());
            tell(follow(beat, subscriptions));
        } finally {
            subscriptions.forEach(Signals.Subscription::close);
        }
    }

    private Told follow(Duration beat, List<Signals.Subscription> subscriptions)
            throws ConnectionLost, RequestIdTaken, InterruptedException {
        List<String> read = new ArrayList<>(List.of(Paths.outcome(id)));
        cluster.map(Paths::cluster).ifPresent(read::add);
        boolean written = false;
        while (true) {
            changed.forget();
            urgent.forget();
            if (!written) {
                written = write();
                if (written) {
                    tell(new Told.Accepted());
                }
            }
            // Both at once: when a delete is done a thousand agents ask for something, too.
            Map<String, Entry> now = tree.get(read);
            Optional<Outcome> outcome =
                    Optional.ofNullable(now.get(Paths.outcome(id))).map(RequestFollowing::parse);
            Optional<Entry> about = cluster.map(name -> now.get(Paths.cluster(name)));
            // A cluster that a refused request is about is another's business.
            if (about.isPresent() && outcome.isPresent() && !(outcome.get() instanceof Outcome.Refused)) {
                tell(about.get(), subscriptions);
            }
            if (outcome.isPresent() && !(outcome.get() instanceof Outcome.InProgress)) {
                return new Told.Ended(outcome.get());
            }
            if (!beat.isZero() && waiting.nanos() - toldAt >= beat.toNanos()) {
                tell(new Told.Beat());
            }
            // A signal, or a look from time to time: the answer must not depend on a watch.
            Duration look = beat.isZero() || LOOK_AT_LEAST.compareTo(beat) < 0 ? LOOK_AT_LEAST : beat;
            if (changed.await(look)) {
                urgent.await(GATHER);
            }
        }
    }

    private void tell(Told what) throws InterruptedException {
        toldAt = waiting.nanos();
        teller.tell(what);
    }

    private void hurry() {
        urgent.ring();
        changed.ring();
    }

    private void statusNamed(String path) {
        named.add(path);
        changed.ring();
    }

    private void anyStatus() {
        statusesUnknown.set(true);
        changed.ring();
    }

    private static Outcome parse(Entry entry) {
        return entry.read(Outcome.class);
    }

    /** Returns whether it is there, by whomever it was written. */
    private boolean write() throws ConnectionLost, RequestIdTaken, InterruptedException {
        try {
            tree.commit(List.of(new Op.Create(Paths.request(id), Json.write(request))));
            return true;
        } catch (Conflict e) {
            if (e.why() == Conflict.Why.NOT_THERE) {
                // No controller has ever led here yet; it makes the folders.
                return false;
            }
            Optional<RequestRecord> there = tree.get(Paths.request(id)).map(entry -> entry.read(RequestRecord.class));
            if (there.isPresent() && !there.get().request().equals(request.request())) {
                throw new RequestIdTaken("request id " + id + " belongs to another request: "
                        + there.get().request().title());
            }
            return there.isPresent();
        }
    }

    private void tell(Entry entry, List<Signals.Subscription> subscriptions)
            throws ConnectionLost, InterruptedException {
        ClusterRecord record = entry.read(ClusterRecord.class);
        if (record.members().size() <= FEW && !watchesStatuses) {
            subscriptions.add(signals.on(Paths.STATUS, this::statusNamed, this::anyStatus));
            watchesStatuses = true;
        }
        if (record.phase() != phase) {
            phase = record.phase();
            told.clear();
            statusesUnknown.set(true);
            nextLook = waiting.nanos() + betweenLooks(record);
            tell(new Told.Moved(
                    new Progress.Entered(record.phase(), record.members().size())));
        }
        switch (record.phase()) {
            case CREATING, SCALING, REPAIRING, DELETING, ROLLING_BACK -> tellNodes(record);
            case VERIFYING, READY, DEGRADED, FAILED -> {}
        }
    }

    private void tellNodes(ClusterRecord record) throws ConnectionLost, InterruptedException {
        if (record.members().size() > FEW) {
            long now = waiting.nanos();
            if (now - nextLook < 0) {
                return;
            }
            nextLook = now + betweenLooks(record);
        }
        boolean all = statusesUnknown.getAndSet(false) || !watchesStatuses;
        Set<String> changed = new HashSet<>(named);
        named.removeAll(changed);
        List<NodeName> missing = record.members().stream()
                .filter(node -> !told.contains(node))
                .filter(node -> all || changed.contains(Paths.status(node)))
                .toList();
        Map<String, Entry> statuses =
                tree.get(missing.stream().map(Paths::status).toList());
        Map<NodeName, NodeStatus> said = new LinkedHashMap<>();
        for (NodeName node : missing) {
            Optional.ofNullable(statuses.get(Paths.status(node)))
                    .flatMap(RequestFollowing::status)
                    .ifPresent(status -> said.put(node, status));
        }
        // What tells of itself that it belongs to this phase need not be compared with the assignment.
        Predicate<NodeStatus> clear = status -> !all && belongs(status, record);
        Map<String, Entry> assigned = tree.get(said.entrySet().stream()
                .filter(one -> !clear.test(one.getValue()))
                .map(one -> Paths.assign(one.getKey()))
                .toList());
        for (Map.Entry<NodeName, NodeStatus> one : said.entrySet()) {
            NodeStatus status = one.getValue();
            boolean answers = Optional.ofNullable(assigned.get(Paths.assign(one.getKey())))
                    .filter(assignment -> status.assignment() == assignment.version())
                    .isPresent();
            if (answers || clear.test(status)) {
                tell(one.getKey(), status, record);
            }
        }
    }

    /** Empty if nobody understands it: what one node says is told to people, and nothing depends on it here. */
    private static Optional<NodeStatus> status(Entry entry) {
        try {
            return Optional.of(entry.read(NodeStatus.class));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static long betweenLooks(ClusterRecord record) {
        return Math.max(
                BETWEEN_LOOKS.toNanos(),
                BETWEEN_LOOKS_FOR_EACH.toNanos() * record.members().size());
    }

    /** Whether it is about this very revision and was written while a watch was looking. */
    private static boolean belongs(NodeStatus status, ClusterRecord record) {
        return status.state() instanceof NodeStatus.Reached reached
                && reached.cluster().equals(record.name())
                && reached.revision() == record.revision();
    }

    private void tell(NodeName node, NodeStatus said, ClusterRecord record) throws InterruptedException {
        told.add(node);
        switch (said.state()) {
            case NodeStatus.StepFailed failed ->
                tell(new Told.Moved(new Progress.NodeFailed(record.phase(), node, failed.step(), failed.why())));
            case NodeStatus.Reached _, NodeStatus.Clean _ ->
                tell(new Told.Moved(new Progress.NodeDone(
                        record.phase(), node, told.size(), record.members().size(), said.phases())));
        }
    }
}
