package dev.scc.cluster.zk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.TreeRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/**
 * Everything that a session may try at each of some paths, and what the table says to it. Nothing is changed: what changes
 * something names a version that no entry has, so that whoever is entitled is told of that, and all others that they are not.
 */
public final class TreeMatrix {
    private static final int NO_VERSION = 1_000_000;
    private static final List<ACL> TABLE = new ArrayList<>(Transactions.access(true));

    /** ZooKeeper removes them for nobody. */
    private static final Set<String> OF_ZOOKEEPER = Set.of("/", "/zookeeper", "/zookeeper/quota");

    private final List<String> paths;
    private final Map<String, String> served;
    private long cells;

    /** A way to try something. */
    private enum Attempt {
        READ,
        READ_WITH_OTHERS,
        LIST,
        WATCH,
        WRITE,
        WRITE_WITH_OTHERS,
        CREATE,
        CREATE_BELOW,
        DELETE,
        DELETE_WITH_OTHERS,
        SHOW_ACCESS,
        SET_ACCESS
    }

    /**
     * A matrix.
     *
     * @param paths where something stands
     * @param served the cluster that a node serves, by the node's name
     */
    public TreeMatrix(List<String> paths, Map<String, String> served) {
        this.paths = List.copyOf(paths);
        this.served = Map.copyOf(served);
    }

    /** How many cells were tried. */
    public long cells() {
        return cells;
    }

    /** Has a session try all of it. All that it is granted and the table does not grant, and the other way round. */
    public List<String> differences(RawSession session, RawSession server, Optional<String> node) throws Exception {
        Map<String, Boolean> granted = new TreeMap<>(granted(session.client()));
        Set<String> seen = seen(session.client(), server.client());
        paths.forEach(path -> granted.put(Attempt.WATCH + " " + path, seen.contains(path)));
        List<String> differences = new ArrayList<>();
        for (Attempt attempt : Attempt.values()) {
            for (String path : paths) {
                boolean is = granted.getOrDefault(attempt + " " + path, false);
                if (is != expected(node, attempt, path)) {
                    differences.add((is ? "over-granted: " : "under-granted: ") + node.orElse("server") + " " + attempt
                            + " " + path);
                }
                cells++;
            }
        }
        assertThat(granted).hasSize(paths.size() * Attempt.values().length);
        return differences;
    }

    /** What the columns of the table say. */
    private boolean expected(Optional<String> node, Attempt attempt, String path) {
        if (node.isEmpty()) {
            boolean removal = attempt == Attempt.DELETE || attempt == Attempt.DELETE_WITH_OTHERS;
            return !(removal && OF_ZOOKEEPER.contains(path));
        }
        String at = attempt == Attempt.CREATE_BELOW ? below(path) : path;
        Optional<TreeEntry> kind = TreeEntry.at(at);
        if (kind.isEmpty()) {
            return false;
        }
        boolean own = kind.get().owner(at).equals(node);
        return switch (attempt) {
            case READ, READ_WITH_OTHERS, LIST, WATCH ->
                (own && kind.get().writtenBy(TreeRole.AGENT)) || reads(kind.get(), own, node.get(), at);
            case WRITE, WRITE_WITH_OTHERS, CREATE, CREATE_BELOW ->
                own && kind.get().writtenBy(TreeRole.AGENT);
            case DELETE, DELETE_WITH_OTHERS -> own && kind.get().removedBy(TreeRole.AGENT);
            case SHOW_ACCESS, SET_ACCESS -> false;
        };
    }

    private boolean reads(TreeEntry kind, boolean own, String node, String path) {
        return switch (kind.readers()) {
            case SERVERS -> false;
            case OWN -> own;
            case MEMBERS -> kind.named(path).equals(served.get(node));
            case AGENTS -> true;
        };
    }

    private static String below(String path) {
        return (path.equals("/") ? "" : path) + "/stranger";
    }

    /** All of what can be tried by a request and its answer, at the same time. */
    private Map<String, Boolean> granted(ZooKeeper session) throws InterruptedException {
        Map<String, Boolean> granted = new ConcurrentHashMap<>();
        List<Attempt> asked = new ArrayList<>(List.of(Attempt.values()));
        asked.remove(Attempt.WATCH);
        for (Attempt attempt : asked) {
            CountDownLatch open = new CountDownLatch(paths.size());
            for (String path : paths) {
                ask(session, attempt, path, code -> {
                    assertThat(Code.get(code)).as("%s %s", attempt, path).isNotEqualTo(Code.CONNECTIONLOSS);
                    granted.put(
                            attempt + " " + path,
                            code != Code.NOAUTH.intValue() && code != Code.BADARGUMENTS.intValue());
                    open.countDown();
                });
            }
            open.await();
        }
        return granted;
    }

    private static void ask(ZooKeeper session, Attempt attempt, String path, IntConsumer answer) {
        switch (attempt) {
            case READ -> session.getData(path, false, (code, _, _, _, _) -> answer.accept(code), null);
            case LIST -> session.getChildren(path, false, (code, _, _, _) -> answer.accept(code), null);
            case WRITE -> session.setData(path, new byte[1], NO_VERSION, (code, _, _, _) -> answer.accept(code), null);
            case CREATE ->
                session.create(path, new byte[1], TABLE, mode(path), (code, _, _, _) -> answer.accept(code), null);
            case DELETE -> session.delete(path, NO_VERSION, (code, _, _) -> answer.accept(code), null);
            case SHOW_ACCESS -> session.getACL(path, new Stat(), (code, _, _, _, _) -> answer.accept(code), null);
            case SET_ACCESS -> session.setACL(path, TABLE, NO_VERSION, (code, _, _, _) -> answer.accept(code), null);
            case READ_WITH_OTHERS -> several(session, List.of(Op.getData(path), Op.getData("/scc")), answer);
            case WRITE_WITH_OTHERS -> several(session, List.of(Op.setData(path, new byte[1], NO_VERSION)), answer);
            case CREATE_BELOW ->
                several(
                        session,
                        List.of(
                                Op.create(below(path), new byte[1], TABLE, mode(below(path))),
                                Op.delete("/scc", NO_VERSION)),
                        answer);
            case DELETE_WITH_OTHERS -> several(session, List.of(Op.delete(path, NO_VERSION)), answer);
            case WATCH -> throw new IllegalArgumentException("has no answer");
        }
    }

    /** Of the first of them. */
    private static void several(ZooKeeper session, List<Op> ops, IntConsumer answer) {
        session.multi(
                ops,
                (code, _, _, results) -> answer.accept(
                        results != null
                                        && !results.isEmpty()
                                        && results.getFirst() instanceof OpResult.ErrorResult first
                                ? first.getErr()
                                : code),
                null);
    }

    private static CreateMode mode(String path) {
        return TreeEntry.at(path)
                        .filter(kind -> kind.lifetime() == TreeEntry.Lifetime.SESSION)
                        .isPresent()
                ? CreateMode.EPHEMERAL
                : CreateMode.PERSISTENT;
    }

    /** Of which of the paths a session hears that a server has written there. */
    private Set<String> seen(ZooKeeper session, ZooKeeper server) throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        for (String path : paths) {
            session.addWatch(
                    path,
                    event -> {
                        if (event.getType() == Watcher.Event.EventType.NodeDataChanged) {
                            seen.add(path);
                        }
                    },
                    AddWatchMode.PERSISTENT);
        }
        CountDownLatch written = new CountDownLatch(paths.size());
        for (String path : paths) {
            server.getData(
                    path,
                    false,
                    (_, _, _, data, _) -> server.setData(path, data, -1, (_, _, _, _) -> written.countDown(), null),
                    null);
        }
        written.await();
        // What a session hears of comes before the answer to what it asks later, and is told in that order.
        CountDownLatch told = new CountDownLatch(1);
        session.sync("/scc", (_, _, _) -> told.countDown(), null);
        told.await();
        return Set.copyOf(seen);
    }
}
