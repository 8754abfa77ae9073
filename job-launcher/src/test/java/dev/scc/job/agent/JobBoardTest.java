package dev.scc.job.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Paths;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.ForwardingTree;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.EmbeddedZooKeeper;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a real ZooKeeper. */
@Timeout(240)
class JobBoardTest {
    private static final NodeName N1 = new NodeName("n1");

    @TempDir
    private Path directory = Path.of("/");

    private EmbeddedZooKeeper zooKeeper;
    private ZooKeeperTree reader;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmbeddedZooKeeper.start(
                directory.resolve("zookeeper"), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        reader = session();
        reader.commit(List.of(new Op.Create(Paths.ROOT, ""), new Op.Create(Paths.JOBS, "")));
    }

    @AfterEach
    void stop() {
        reader.close();
        zooKeeper.close();
    }

    private ZooKeeperTree session() {
        return TreeSessions.open("127.0.0.1:" + zooKeeper.port(), Connections.plain(), Duration.ofSeconds(6));
    }

    private static JobEntry job(String id, String state) {
        return new JobEntry(id, new ClusterName("demo"), "user:ada", N1, state, 2, 1, 0);
    }

    private List<String> shown() throws Exception {
        reader.sync();
        return reader.children(Paths.JOBS);
    }

    @Test
    void whatIsNotOverIsShownAndWhatIsOverIsNot() throws Exception {
        try (ZooKeeperTree tree = session()) {
            JobBoard board = new JobBoard(tree, N1);

            board.show(List.of(job("demo-1", "Running"), job("demo-2", "Starting")));
            assertThat(shown()).containsExactly("n1:demo-1", "n1:demo-2");

            board.show(List.of(job("demo-2", "Running")));
            assertThat(shown()).containsExactly("n1:demo-2");
            assertThat(reader.get(Paths.job(N1, "demo-2")).orElseThrow().read(JobEntry.class))
                    .isEqualTo(job("demo-2", "Running"));
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(shown()).isEmpty());
    }

    @Test
    void theNextAgentTakesOverTheEntriesOfTheOneBefore() throws Exception {
        try (ZooKeeperTree before = session();
                ZooKeeperTree after = session()) {
            new JobBoard(before, N1).show(List.of(job("demo-1", "Running")));

            new JobBoard(after, N1).show(List.of(job("demo-1", "Ending")));

            assertThat(reader.get(Paths.job(N1, "demo-1")).orElseThrow().owner())
                    .isEqualTo(after.session());
            assertThat(reader.get(Paths.job(N1, "demo-1"))
                            .orElseThrow()
                            .read(JobEntry.class)
                            .state())
                    .isEqualTo("Ending");
        }
    }

    /** The connection breaks at the first transaction: before it was executed, or before its answer has come. */
    private static final class BreaksOnce extends ForwardingTree {
        private final boolean executed;
        private boolean broken;

        BreaksOnce(Tree tree, boolean executed) {
            super(tree);
            this.executed = executed;
        }

        @Override
        public void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
            if (broken || executed) {
                super.commit(ops);
            }
            if (!broken) {
                broken = true;
                throw new ConnectionLost("lost", new IllegalStateException("as a broken connection does"));
            }
        }
    }

    /** It would go with that agent's session. */
    @Test
    void anEntryOfTheAgentBeforeIsNotTakenForOneOfWhichNobodyHasHeard() throws Exception {
        try (ZooKeeperTree before = session();
                ZooKeeperTree after = session()) {
            new JobBoard(before, N1).show(List.of(job("demo-1", "Running")));
            JobBoard board = new JobBoard(new BreaksOnce(after, false), N1);
            assertThatThrownBy(() -> board.show(List.of(job("demo-1", "Running"))))
                    .isInstanceOf(ConnectionLost.class);

            board.show(List.of(job("demo-1", "Running")));

            assertThat(reader.get(Paths.job(N1, "demo-1")).orElseThrow().owner())
                    .isEqualTo(after.session());
        }
    }

    @Test
    void anEntryOfWhichNobodyHasHeardGoesWithItsJob() throws Exception {
        try (ZooKeeperTree tree = session()) {
            JobBoard board = new JobBoard(new BreaksOnce(tree, true), N1);
            assertThatThrownBy(() -> board.show(List.of(job("demo-1", "Running"))))
                    .isInstanceOf(ConnectionLost.class);
            assertThat(shown()).containsExactly("n1:demo-1");

            board.show(List.of());

            assertThat(shown()).isEmpty();
        }
    }

    @Test
    void whatSomebodyElseRemovedIsShownAgain() throws Exception {
        try (ZooKeeperTree tree = session()) {
            JobBoard board = new JobBoard(tree, N1);
            board.show(List.of(job("demo-1", "Starting")));
            reader.commit(List.of(new Op.Delete(Paths.job(N1, "demo-1"), Op.ANY)));

            board.show(List.of(job("demo-1", "Running")));
            board.show(List.of(job("demo-1", "Running")));

            assertThat(shown()).containsExactly("n1:demo-1");
        }
    }
}
