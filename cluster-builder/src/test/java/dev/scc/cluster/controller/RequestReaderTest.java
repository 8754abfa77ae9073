package dev.scc.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.host.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class RequestReaderTest {
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Instant ENDED = Instant.ofEpochMilli(5_000);
    private static final Outcome DONE = new Outcome.Done(ENDED.toEpochMilli(), List.of());
    private static final String TEXT = Json.write(new RequestRecord(new Request.Collect(), "unknown", 0));

    private static final Entry ENTRY = new Entry(TEXT, 0, 0);

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private Tree tree;
    private RequestReader reader;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
        tree = zooKeeper.tree();
        reader = new RequestReader(tree);
    }

    @AfterEach
    void stop() {
        zooKeeper.close();
    }

    private void ask(String id) throws Exception {
        tree.commit(List.of(new Op.Create(Paths.request(id), TEXT)));
    }

    private void begin(String id) throws Exception {
        tree.commit(List.of(new Op.Create(Paths.outcome(id), Json.write(new Outcome.InProgress(1)))));
    }

    private void end(String id, Outcome outcome, int version) throws Exception {
        tree.commit(List.of(
                version < 0
                        ? new Op.Create(Paths.outcome(id), Json.write(outcome))
                        : new Op.Set(Paths.outcome(id), Json.write(outcome), version)));
    }

    private RequestQueue read(Instant now) throws Exception {
        return reader.read(now, KEPT);
    }

    @Test
    void aRequestWaitsUntilItIsTakenUp() throws Exception {
        ask("a");
        ask("b");
        assertThat(read(ENDED).waiting()).isEqualTo(Map.of("a", ENTRY, "b", ENTRY));

        begin("a");
        assertThat(read(ENDED).waiting()).isEqualTo(Map.of("b", ENTRY));
    }

    @Test
    void whatIsOverForLongIsForgottenUnderTheVersionOfItsEnd() throws Exception {
        ask("a");
        begin("a");
        ask("b");
        begin("b");
        end("b", DONE, 0);
        ask("c");
        end("c", new Outcome.Refused(ENDED.toEpochMilli(), Refusal.UNKNOWN, "no such node"), -1);

        assertThat(read(ENDED.plus(KEPT)).old()).isEmpty();
        List<RequestChange.Forget> old = List.of(new RequestChange.Forget("b", 1), new RequestChange.Forget("c", 0));
        assertThat(read(ENDED.plus(KEPT).plusMillis(1)).old()).isEqualTo(old);
        // What is known of it is enough the next time.
        assertThat(read(ENDED.plus(KEPT).plusMillis(1)).old()).isEqualTo(old);
    }

    @Test
    void anIdThatIsUsedAgainAfterItWasForgottenIsAnotherRequest() throws Exception {
        ask("a");
        end("a", DONE, -1);
        assertThat(read(ENDED).waiting()).isEmpty();
        tree.commit(List.of(new Op.Delete(Paths.outcome("a"), 0), new Op.Delete(Paths.request("a"), 0)));
        assertThat(read(ENDED).waiting()).isEmpty();

        ask("a");

        assertThat(read(ENDED.plus(KEPT).plusMillis(1))).isEqualTo(new RequestQueue(Map.of("a", ENTRY), List.of()));
    }

    @Test
    void anOutcomeThatNobodyUnderstandsIsAnEndAndStays() throws Exception {
        ask("a");
        tree.commit(List.of(new Op.Create(Paths.outcome("a"), "nonsense")));

        assertThat(read(ENDED)).isEqualTo(new RequestQueue(Map.of(), List.of()));
        assertThat(read(ENDED.plus(Duration.ofDays(10_000)))).isEqualTo(new RequestQueue(Map.of(), List.of()));
    }
}
