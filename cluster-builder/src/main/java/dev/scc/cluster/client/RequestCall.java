package dev.scc.cluster.client;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Request;
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
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One request from writing it to reading its outcome. A connection that is lost on the way is waited for. */
public final class RequestCall {
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
    private final String hosts;
    private final String id;
    private final Request request;
    private final Optional<ClusterName> cluster;
    private final Waiting waiting;
    private final Waiting.Bell signals;
    private final Waiting.Bell urgent;
    /** Nodes whose status has been named by a watch; {@link #statusesUnknown} if it may be any. */
    private final Set<String> named = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean statusesUnknown = new AtomicBoolean(true);
    private final Set<NodeName> told = new HashSet<>();
    private @Nullable ClusterPhase phase;
    /** When single nodes of a cluster with many may be looked at, by the clock that waiting goes by. */
    private long nextLook;

    private boolean connectionLost;
    /** No watch names the statuses of many. */
    private boolean watchesStatuses;

    RequestCall(Tree tree, String hosts, String id, Request request, Optional<ClusterName> cluster) {
        this(tree, hosts, id, request, cluster, Waiting.ofThreads());
    }

    /**
     * One that waits in its own way.
     *
     * @param hosts where the tree is, for messages
     * @param id of the request
     * @param cluster that the request is about, if its progress is to be told
     */
    public RequestCall(
            Tree tree, String hosts, String id, Request request, Optional<ClusterName> cluster, Waiting waiting) {
        this.tree = tree;
        this.hosts = hosts;
        this.id = id;
        this.request = request;
        this.cluster = cluster;
        this.waiting = waiting;
        this.signals = waiting.bell();
        this.urgent = waiting.bell();
    }

    /**
     * Asks, and waits for the end of it. Once only.
     *
     * @throws TimedOut if there is no outcome in time; the request goes on
     * @throws IllegalArgumentException if the id belongs to another request
     */
    public Outcome run(Duration atMost, Consumer<Progress> progress)
            throws ServerUnreachable, TimedOut, InterruptedException {
        long end = waiting.nanos() + atMost.toNanos();
        tree.watch(Paths.request(id), this::hurry);
        cluster.ifPresent(name -> {
            tree.watch(Paths.cluster(name), this::hurry);
        });
        List<String> read = new ArrayList<>(List.of(Paths.outcome(id)));
        cluster.map(Paths::cluster).ifPresent(read::add);
        boolean written = false;
        while (true) {
            signals.forget();
            urgent.forget();
            try {
                connectionLost = false;
                written = written || write();
                // Both at once: when a delete is done a thousand agents ask for something, too.
                Map<String, Entry> now = tree.get(read);
                Optional<Outcome> outcome =
                        Optional.ofNullable(now.get(Paths.outcome(id))).map(RequestCall::parse);
                Optional<Entry> about = cluster.map(name -> now.get(Paths.cluster(name)));
                // A cluster that a refused request is about is another's business.
                if (about.isPresent() && outcome.isPresent() && !(outcome.get() instanceof Outcome.Refused)) {
                    tell(about.get(), progress);
                }
                if (outcome.isPresent() && !(outcome.get() instanceof Outcome.InProgress)) {
                    return outcome.get();
                }
            } catch (ConnectionLost e) {
                connectionLost = true;
                statusesUnknown.set(true);
            }
            long left = end - waiting.nanos();
            if (left <= 0) {
                throw late(atMost, written);
            }
            // A signal, or a look from time to time: the answer must not depend on a watch.
            if (signals.await(Duration.ofNanos(Math.min(left, LOOK_AT_LEAST.toNanos())))) {
                urgent.await(GATHER);
            }
        }
    }

    private void hurry() {
        urgent.ring();
        signals.ring();
    }

    private void statusNamed(String path) {
        named.add(path);
        signals.ring();
    }

    private void anyStatus() {
        statusesUnknown.set(true);
        signals.ring();
    }

    private TimedOut late(Duration atMost, boolean written) throws ServerUnreachable {
        if (connectionLost) {
            throw new ServerUnreachable("server " + hosts + " was lost while request " + id
                    + " was under way; whether it took effect is unknown, the same id again tells");
        }
        return new TimedOut(request.title() + " has no outcome after " + atMost.toSeconds() + " s; "
                + (phase == null
                        ? "no controller has taken up the request" + (written ? "" : " or even seen it")
                        : "the cluster is " + phase + ", and the controller goes on with it"));
    }

    private static Outcome parse(Entry entry) {
        return Json.read(entry.text(), Outcome.class);
    }

    /** At most once, by the id: if it is there already, it is this request, or an earlier one that is followed. */
    private boolean write() throws ConnectionLost, InterruptedException {
        String text = Json.write(request);
        try {
            tree.commit(List.of(new Op.Create(Paths.request(id), text)));
            return true;
        } catch (Conflict e) {
            if (e.why() == Conflict.Why.NOT_THERE) {
                // No controller has ever led here yet; it makes the folders.
                return false;
            }
            Optional<Entry> there = tree.get(Paths.request(id));
            if (there.isPresent() && !there.get().text().equals(text)) {
                throw new IllegalArgumentException("request id " + id + " belongs to another request: "
                        + Json.read(there.get().text(), Request.class).title());
            }
            return there.isPresent();
        }
    }

    private void tell(Entry entry, Consumer<Progress> progress) throws ConnectionLost, InterruptedException {
        ClusterRecord record = Json.read(entry.text(), ClusterRecord.class);
        if (record.members().size() <= FEW && !watchesStatuses) {
            tree.watch(Paths.STATUS, this::statusNamed, this::anyStatus);
            watchesStatuses = true;
        }
        if (record.phase() != phase) {
            phase = record.phase();
            told.clear();
            statusesUnknown.set(true);
            nextLook = waiting.nanos() + betweenLooks(record);
            progress.accept(
                    new Progress.Entered(record.phase(), record.members().size()));
        }
        switch (record.phase()) {
            case CREATING, SCALING, REPAIRING, DELETING, ROLLING_BACK -> tellNodes(record, progress);
            case VERIFYING, READY, DEGRADED, FAILED -> {}
        }
    }

    private void tellNodes(ClusterRecord record, Consumer<Progress> progress)
            throws ConnectionLost, InterruptedException {
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
        List<NodeName> waiting = record.members().stream()
                .filter(node -> !told.contains(node))
                .filter(node -> all || changed.contains(Paths.status(node)))
                .toList();
        Map<String, Entry> statuses =
                tree.get(waiting.stream().map(Paths::status).toList());
        Map<NodeName, NodeStatus> said = new LinkedHashMap<>();
        for (NodeName node : waiting) {
            Optional.ofNullable(statuses.get(Paths.status(node)))
                    .ifPresent(status -> said.put(node, Json.read(status.text(), NodeStatus.class)));
        }
        // What tells of itself that it belongs to this phase need not be compared with the assignment.
        Predicate<NodeStatus> clear = status -> !all && belongs(status, record);
        Map<String, Entry> assigned = tree.get(said.entrySet().stream()
                .filter(one -> !clear.test(one.getValue()))
                .map(one -> Paths.assign(one.getKey()))
                .toList());
        said.forEach((node, status) -> {
            boolean answers = Optional.ofNullable(assigned.get(Paths.assign(node)))
                    .filter(assignment -> status.assignment() == assignment.version())
                    .isPresent();
            if (answers || clear.test(status)) {
                tell(node, status, record, progress);
            }
        });
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

    private void tell(NodeName node, NodeStatus said, ClusterRecord record, Consumer<Progress> progress) {
        told.add(node);
        switch (said.state()) {
            case NodeStatus.StepFailed failed ->
                progress.accept(new Progress.NodeFailed(record.phase(), node, failed.step(), failed.why()));
            case NodeStatus.Reached _, NodeStatus.Clean _ ->
                progress.accept(new Progress.NodeDone(
                        record.phase(), node, told.size(), record.members().size(), said.phases()));
        }
    }
}
