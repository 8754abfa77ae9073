package dev.scc.bench;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A process with a ZooKeeper and, in place of a controller, one session that does nothing but what cannot be left out: it reads
 * a request, commits the transaction that gives all nodes their assignments, reads each status once when its watch names it,
 * and commits the end. No plan, no check, no state.
 */
final class BareServer {
    static final String ASSIGN = "/bare/assign";
    static final String STATUS = "/bare/status";
    static final String REQUESTS = "/bare/requests";
    /** Text of an assignment that needs no answer: the one before has been answered. */
    static final String FREE = "free";

    private static final String ROSTERS = "/bare/rosters";
    private static final String RECORD = "/bare/record";
    private static final String REST = "/bare/rest";
    private static final int IN_ONE_TRANSACTION = 1000;

    private final ZooKeeperTree tree;
    private final int nodes;
    private final Sizes sizes;
    private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();
    private int transactions;

    private BareServer(ZooKeeperTree tree, int nodes, Sizes sizes) {
        this.tree = tree;
        this.nodes = nodes;
        this.sizes = sizes;
    }

    /** Arguments: a directory, a port, how many nodes, and the sizes as JSON. */
    public static void main(String[] args) throws Exception {
        InetSocketAddress bind = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
        EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(Path.of(args[0]), bind);
        ZooKeeperTree tree = TreeSessions.openLean(
                "127.0.0.1:" + zooKeeper.port(), HostedAgents.IN_PLAIN_TEXT, HostedAgents.SESSION);
        tree.awaitConnected(Duration.ofSeconds(30));
        BareServer server = new BareServer(tree, Integer.parseInt(args[2]), Json.read(args[3], Sizes.class));
        server.prepare();
        server.lead();
    }

    private void prepare() throws Conflict, ConnectionLost, InterruptedException {
        List<Op> ops = new ArrayList<>();
        for (String folder : List.of("/bare", ROSTERS, RECORD, REST, ASSIGN, STATUS, REQUESTS)) {
            ops.add(new Op.Create(folder, ""));
        }
        for (int number = 1; number <= nodes; number++) {
            ops.add(new Op.Create(ASSIGN + "/n" + number, ""));
            ops.add(new Op.Create(STATUS + "/n" + number, ""));
            if (ops.size() > IN_ONE_TRANSACTION) {
                tree.commit(ops);
                ops.clear();
            }
        }
        tree.commit(ops);
        tree.watch("/bare", changed::add, () -> {});
    }

    private void lead() throws Conflict, ConnectionLost, InterruptedException {
        while (true) {
            String path = changed.take();
            boolean request = path.startsWith(REQUESTS + "/") && path.indexOf('/', REQUESTS.length() + 1) < 0;
            if (request) {
                serve(path, tree.get(path).orElseThrow().text().strip().startsWith("create"));
            }
        }
    }

    private void serve(String request, boolean create) throws Conflict, ConnectionLost, InterruptedException {
        String roster = ROSTERS + "/" + request.substring(REQUESTS.length() + 1).replaceAll("^(create|delete)-", "");
        List<Op> begin = new ArrayList<>();
        begin.add(new Op.Check("/bare", 0));
        if (create) {
            begin.add(new Op.Create(roster, Sizes.text("roster", sizes.roster())));
        }
        common(begin);
        assign(begin, Sizes.text(create ? roster : "", sizes.assignment()));
        tree.commit(begin);
        awaitStatuses();
        List<Op> end = new ArrayList<>();
        end.add(new Op.Check("/bare", 0));
        end.add(new Op.Create(request + "/outcome", ""));
        if (!create) {
            end.add(new Op.Delete(roster, Op.ANY));
        }
        common(end);
        tree.commit(end);
        if (!create) {
            List<Op> free = new ArrayList<>();
            free.add(new Op.Check("/bare", 0));
            assign(free, Sizes.text(FREE, sizes.assignment()));
            tree.commit(free);
        }
        // All that the agents and this transaction have made of signals.
        changed.removeIf(path -> !path.startsWith(REQUESTS));
    }

    private void common(List<Op> ops) {
        ops.add(new Op.Set(RECORD, Sizes.text("record", sizes.record()), Op.ANY));
        ops.add(new Op.Set(REST, Sizes.text("rest " + transactions++, sizes.rest()), Op.ANY));
    }

    private void assign(List<Op> ops, String text) {
        for (int number = 1; number <= nodes; number++) {
            ops.add(new Op.Set(ASSIGN + "/n" + number, text, Op.ANY));
        }
    }

    private void awaitStatuses() throws ConnectionLost, InterruptedException {
        Set<String> seen = new HashSet<>();
        while (seen.size() < nodes) {
            List<String> paths = new ArrayList<>();
            paths.add(changed.take());
            changed.drainTo(paths);
            paths.removeIf(path -> !path.startsWith(STATUS + "/"));
            Map<String, Entry> statuses = tree.get(paths);
            seen.addAll(statuses.keySet());
        }
    }
}
