package dev.scc.cluster.client;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Event;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Request;
import dev.scc.cluster.Roster;
import dev.scc.cluster.controller.DryRun;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.verify.BackgroundVerifier;
import dev.scc.cluster.verify.Busy;
import dev.scc.cluster.verify.ClusterVerifier;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.cluster.zk.CuratorTree;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** One client's connection to the pool. All methods block, and give up when their thread is interrupted. */
public final class ClusterClient implements AutoCloseable {
    private static final Duration SESSION = Duration.ofSeconds(10);

    private final String hosts;
    private final Tree tree;
    private final Runnable closing;

    ClusterClient(String hosts, Tree tree, Runnable closing) {
        this.hosts = hosts;
        this.tree = tree;
        this.closing = closing;
    }

    /**
     * Connects.
     *
     * @param hosts of the server, {@code host:port} with commas between several
     * @throws ServerUnreachable if nobody answers within {@code atMost}
     */
    public static ClusterClient connect(String hosts, Duration atMost) throws ServerUnreachable, InterruptedException {
        CuratorTree tree = CuratorTree.open(hosts, SESSION);
        boolean connected = false;
        try {
            connected = tree.awaitConnected(atMost);
        } finally {
            if (!connected) {
                tree.close();
            }
        }
        if (!connected) {
            throw new ServerUnreachable("server " + hosts + " does not answer within " + atMost.toMillis() + " ms");
        }
        return new ClusterClient(hosts, tree, tree::close);
    }

    /** An id for a request that nobody has used before. */
    public static String newRequestId() {
        return UUID.randomUUID().toString();
    }

    public List<ClusterSummary> clusters() throws ServerUnreachable, InterruptedException {
        try {
            List<String> paths = tree.children(Paths.CLUSTERS).stream()
                    .map(name -> Paths.cluster(new ClusterName(name)))
                    .toList();
            return tree.get(paths).values().stream()
                    .map(entry -> Json.read(entry.text(), ClusterRecord.class))
                    .map(record -> new ClusterSummary(
                            record.name(), record.phase(), record.members().size()))
                    .toList();
        } catch (ConnectionLost e) {
            throw unreachable(e);
        }
    }

    /** Everything about one cluster; empty if there is none of that name. */
    public Optional<ClusterView> cluster(ClusterName name) throws ServerUnreachable, InterruptedException {
        try {
            Optional<Entry> entry = tree.get(Paths.cluster(name));
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            ClusterRecord record = Json.read(entry.get().text(), ClusterRecord.class);
            Optional<Entry> roster = tree.get(Paths.roster(name, record.revision()));
            Map<String, Entry> statuses =
                    tree.get(record.members().stream().map(Paths::status).toList());
            Map<NodeName, NodeStatus.Reached> reached = new HashMap<>();
            for (NodeName member : record.members()) {
                Optional.ofNullable(statuses.get(Paths.status(member)))
                        .map(status ->
                                Json.read(status.text(), NodeStatus.class).state())
                        .filter(state -> state instanceof NodeStatus.Reached there
                                && there.cluster().equals(name)
                                && there.revision() == record.revision())
                        .ifPresent(state -> reached.put(member, (NodeStatus.Reached) state));
            }
            // Between the two reads the cluster may have gone.
            return roster.map(text -> ClusterView.of(record, Json.read(text.text(), Roster.class), reached));
        } catch (ConnectionLost e) {
            throw unreachable(e);
        }
    }

    /** The roster of the cluster's present revision; empty if there is no such cluster. */
    public Optional<Roster> roster(ClusterName name) throws ServerUnreachable, InterruptedException {
        try {
            Optional<Entry> entry = tree.get(Paths.cluster(name));
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            int revision = Json.read(entry.get().text(), ClusterRecord.class).revision();
            return tree.get(Paths.roster(name, revision)).map(roster -> Json.read(roster.text(), Roster.class));
        } catch (ConnectionLost e) {
            throw unreachable(e);
        }
    }

    public List<NodeSummary> nodes() throws ServerUnreachable, InterruptedException {
        try {
            return World.read(tree).nodes().values().stream()
                    .map(NodeSummary::of)
                    .toList();
        } catch (ConnectionLost e) {
            throw unreachable(e);
        }
    }

    /** Everything about one node; empty if there is none of that name. */
    public Optional<NodeView> node(NodeName name) throws ServerUnreachable, InterruptedException {
        try {
            Map<String, Entry> entries = tree.get(List.of(
                    Paths.node(name),
                    Paths.inventory(name),
                    Paths.alive(name),
                    Paths.assign(name),
                    Paths.status(name)));
            Optional<Node> node = World.node(name, entries);
            return node.map(NodeView::of);
        } catch (ConnectionLost e) {
            throw unreachable(e);
        }
    }

    /** What {@link #create} would do now. Nothing changes. */
    public DryRun.Forecast forecast(ClusterSpec spec) throws ServerUnreachable, InterruptedException {
        try {
            return DryRun.create(spec, World.read(tree));
        } catch (ConnectionLost e) {
            throw unreachable(e);
        }
    }

    /**
     * Has a cluster built, and waits for the end of it: {@link Outcome.Done} means ready.
     *
     * @param id of the request; the same id again follows the first request, and changes nothing
     * @throws TimedOut if there is no outcome in time; the request goes on
     */
    public Outcome create(ClusterSpec spec, String id, Duration atMost, Consumer<Progress> progress)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return new RequestCall(tree, hosts, id, new Request.Create(spec), Optional.of(spec.name()))
                .run(atMost, progress);
    }

    /**
     * Gives a cluster another number of nodes, and waits for the end of it: {@link Outcome.Done} means ready with that many.
     *
     * @throws TimedOut if there is no outcome in time; the request goes on
     */
    public Outcome scale(ClusterName name, int nodes, String id, Duration atMost, Consumer<Progress> progress)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return new RequestCall(tree, hosts, id, new Request.Scale(name, nodes), Optional.of(name))
                .run(atMost, progress);
    }

    /** Has a cluster taken down, and waits for the end of it. {@link Outcome.Done} names what is left on lost nodes. */
    public Outcome delete(ClusterName name, String id, Duration atMost, Consumer<Progress> progress)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return new RequestCall(tree, hosts, id, new Request.Delete(name), Optional.of(name)).run(atMost, progress);
    }

    /** Takes a node out of service for new clusters. */
    public Outcome cordon(NodeName node, String why, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(new Request.Cordon(node, why), id, atMost);
    }

    /** Puts a node back into service. */
    public Outcome uncordon(NodeName node, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(new Request.Uncordon(node), id, atMost);
    }

    /** Sets and removes labels of a node. */
    public Outcome label(NodeName node, Map<String, String> set, Set<String> remove, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(new Request.Label(node, set, remove), id, atMost);
    }

    /**
     * Takes a node whose agent has gone out of the pool.
     *
     * @param gone its owner vouches that it is off for good, or wiped
     */
    public Outcome forget(NodeName node, boolean gone, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(new Request.Forget(node, gone), id, atMost);
    }

    /**
     * Looks in the tree and on all nodes for what bears our mark and belongs to nothing.
     *
     * @param remove whether it is removed, too
     * @param each how long each node, and the controller, may take to answer
     */
    public LeftoverReport leftovers(boolean remove, Duration each)
            throws ServerUnreachable, TimedOut, InterruptedException {
        try {
            return new LeftoverSearch(tree, remove).run(request -> ask(request, newRequestId(), each), each);
        } catch (ConnectionLost e) {
            throw unreachable(e);
        }
    }

    private Outcome ask(Request request, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return new RequestCall(tree, hosts, id, request, Optional.empty()).run(atMost, event -> {});
    }

    /** What happened in the pool, as far back as it is kept, the oldest first. */
    public List<Event> events() throws ServerUnreachable, InterruptedException {
        try {
            return new EventReader(tree).more();
        } catch (ConnectionLost e) {
            throw unreachable(e);
        }
    }

    /** Hands over what has happened and what happens from now on, until this thread is interrupted. */
    public void followEvents(Consumer<Event> sink) throws InterruptedException {
        new EventReader(tree).follow(sink);
    }

    /** What was asked under that id; empty if nothing was, or so long ago that it is forgotten. */
    public Optional<Request> request(String id) throws ServerUnreachable, InterruptedException {
        try {
            return tree.get(Paths.request(id)).map(entry -> Json.read(entry.text(), Request.class));
        } catch (ConnectionLost e) {
            throw unreachable(e);
        }
    }

    /**
     * Has all pairs of a cluster probed once more.
     *
     * @param progress told of each result when it comes in, by several threads
     * @return empty if there is no such cluster
     */
    public Optional<VerificationResult> verify(ClusterName name, Pattern pattern, Consumer<ProbeResult> progress)
            throws ServerUnreachable, InterruptedException {
        Optional<Roster> roster = roster(name);
        if (roster.isEmpty()) {
            return Optional.empty();
        }
        Duration patience = BackgroundVerifier.patience(roster.get().members().size(), pattern);
        try {
            return Optional.of(ClusterVerifier.verify(roster.get(), pattern, newRequestId(), patience, progress));
        } catch (Busy e) {
            return Optional.of(new VerificationResult.CannotVerify(Optional.empty(), String.valueOf(e.getMessage())));
        }
    }

    private ServerUnreachable unreachable(ConnectionLost e) {
        return new ServerUnreachable("server " + hosts + " cannot be reached: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        closing.run();
    }
}
