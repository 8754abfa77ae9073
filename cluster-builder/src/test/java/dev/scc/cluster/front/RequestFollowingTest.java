package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Request;
import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.api.LonelyWaiting;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.ForwardingTree;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How often a client looks at the members of a cluster that it waits for, by a clock that goes on only while it waits. */
@Timeout(240)
class RequestFollowingTest {
    private static final Duration WAITS = Duration.ofSeconds(10);
    private static final String ID = "r1";

    /** The clock of this test makes it look again. */
    private static final Signals NO_SIGNALS = (path, named, anything) -> () -> {};

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private Tree tree;
    private Looks looks;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
        tree = zooKeeper.tree();
        looks = new Looks(tree);
    }

    @AfterEach
    void stop() {
        zooKeeper.close();
    }

    /** Waits for a create of which nothing becomes. */
    private void await(int nodes) throws Exception {
        ClusterSpec spec = ClusterSpec.of("demo", nodes);
        Request request = new Request.Create(spec);
        List<NodeName> members = IntStream.rangeClosed(1, nodes)
                .mapToObj(number -> new NodeName("n" + number))
                .toList();
        RequestRecord record = new RequestRecord(request, "unknown", 0);
        tree.commit(List.of(
                new Op.Create(Paths.request(ID), Json.write(record)),
                new Op.Create(Paths.outcome(ID), Json.write(new Outcome.InProgress(0))),
                new Op.Create(Paths.cluster(spec.name()), Json.write(ClusterRecord.begun(spec, 7, members, 0, ID)))));
        RequestFollowing following =
                new RequestFollowing(looks, NO_SIGNALS, new LonelyWaiting(WAITS), ID, record, _ -> {});
        assertThatThrownBy(() -> following.run(Duration.ZERO)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aHundredAndMoreAreLookedAtOnceASecond() throws Exception {
        await(200);

        assertThat(looks.sizes).hasSize(9).containsOnly(200);
    }

    @Test
    void fewAreLookedAtAtOnce() throws Exception {
        await(128);

        assertThat(looks.sizes).containsExactly(128);
    }

    @Test
    void oneMoreThanAFewAreLookedAtOnceASecond() throws Exception {
        await(129);

        assertThat(looks.sizes).hasSize(9).containsOnly(129);
    }

    @Test
    void ofThousandsNoMoreThanAThousandASecondAreLookedAt() throws Exception {
        await(4000);

        assertThat(looks.sizes).containsExactly(4000, 4000);
    }

    /** The tree, and how many statuses were read at once, each time. */
    private static final class Looks extends ForwardingTree {
        private final List<Integer> sizes = new ArrayList<>();

        Looks(Tree tree) {
            super(tree);
        }

        @Override
        public Map<String, Entry> get(Collection<String> paths) throws ConnectionLost, InterruptedException {
            if (paths.stream().anyMatch(path -> path.startsWith(Paths.STATUS))) {
                sizes.add(paths.size());
            }
            return super.get(paths);
        }
    }
}
