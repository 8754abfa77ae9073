package dev.scc.bench;

import dev.scc.cluster.Paths;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A bare client that sees the leader's entry go, and then writes one entry of its own. */
final class LeaderWatch implements AutoCloseable {
    private static final Duration LOOK_AT_LEAST = Duration.ofSeconds(1);

    private final ZooKeeperTree tree;
    private final BlockingQueue<Long> signals = new LinkedBlockingQueue<>();
    private String armed = "";

    /** As {@link System#nanoTime} tells it: when the entry was seen to go, and when the own write was acknowledged. */
    record Gone(long seen, long written) {}

    LeaderWatch(String hosts, Connections server) {
        tree = TreeSessions.open(hosts, server, Duration.ofSeconds(10));
        tree.watch(Paths.LEADER, () -> signals.add(System.nanoTime()));
    }

    Tree tree() {
        return tree;
    }

    /** Who leads now is the one to be lost. */
    void arm() throws ConnectionLost, InterruptedException {
        armed = leader().orElseThrow();
        signals.clear();
    }

    private Optional<String> leader() throws ConnectionLost, InterruptedException {
        return tree.get(Paths.LEADER).map(entry -> entry.text());
    }

    Gone awaitGone(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < end) {
            Long seen = signals.poll(LOOK_AT_LEAST.toMillis(), TimeUnit.MILLISECONDS);
            try {
                if (seen != null && !leader().equals(Optional.of(armed))) {
                    tree.commit(List.of(new Op.Create("/bare-" + UUID.randomUUID(), "")));
                    return new Gone(seen, System.nanoTime());
                }
            } catch (ConnectionLost e) {
                // The entry is looked at again when the connection is back, which is a signal.
            } catch (Conflict e) {
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalStateException("the leader's entry is still there after " + atMost.toSeconds() + " s");
    }

    @Override
    public void close() {
        tree.close();
    }
}
