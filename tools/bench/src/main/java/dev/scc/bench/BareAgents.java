package dev.scc.bench;

import dev.scc.cluster.reactor.Pass;
import dev.scc.cluster.reactor.Reactor;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.libc.FutexTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * A process with as many bare sessions as there would be agents. Each sees its assignment change, reads it and the roster that
 * it names, if it names one, and writes a status of the same size as an agent's.
 */
final class BareAgents {
    private static final Duration LONG = Duration.ofMinutes(10);

    private BareAgents() {}

    /** Arguments: where the server is, how many, and the length of a status. */
    public static void main(String[] args) throws Exception {
        // As a host of agents does.
        FutexTable.fit(2 * Integer.parseInt(args[1]));
        int length = Integer.parseInt(args[2]);
        for (int number = 1; number <= Integer.parseInt(args[1]); number++) {
            ZooKeeperTree tree = TreeSessions.openLean(args[0], HostedAgents.IN_PLAIN_TEXT, HostedAgents.SESSION);
            BareAgent agent = new BareAgent(tree, "n" + number, length);
            Reactor reactor = new Reactor("bare-" + number, agent, Thread.ofVirtual(), Duration.ZERO);
            tree.watch(BareServer.ASSIGN + "/n" + number, reactor::signal);
            reactor.start();
            Thread.sleep(HostedAgents.ONE_BY_ONE);
        }
        new CountDownLatch(1).await();
    }

    private static final class BareAgent implements Pass {
        private final ZooKeeperTree tree;
        private final String name;
        private final int length;
        private int answered = -1;

        BareAgent(ZooKeeperTree tree, String name, int length) {
            this.tree = tree;
            this.name = name;
            this.length = length;
        }

        @Override
        public Duration run() throws ConnectionLost, InterruptedException {
            Optional<Entry> assignment = tree.get(BareServer.ASSIGN + "/" + name);
            if (assignment.isEmpty() || assignment.get().version() == answered) {
                return LONG;
            }
            String roster = assignment.get().text().strip();
            if (roster.equals(BareServer.FREE)) {
                answered = assignment.get().version();
                return LONG;
            }
            int read =
                    roster.isEmpty() ? 0 : tree.get(roster).orElseThrow().text().length();
            String status = Sizes.text(assignment.get().version() + " after reading " + read, length);
            try {
                tree.commit(List.of(new Op.Set(BareServer.STATUS + "/" + name, status, Op.ANY)));
            } catch (Conflict e) {
                throw new IllegalStateException(e);
            }
            answered = assignment.get().version();
            return LONG;
        }
    }
}
