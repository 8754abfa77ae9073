package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.SessionState;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorldCacheTest {
    private final Behind tree = new Behind();
    private final WorldCache worlds = new WorldCache(tree, () -> Instant.EPOCH);

    @Test
    void itShowsWhatWasWrittenBeforeItWasAskedThoughItsServerIsBehind() throws Exception {
        for (int number = 1; number <= 3; number++) {
            tree.enrol(new NodeName("n" + number));

            assertThat(worlds.now().nodes()).hasSize(number);
        }
    }

    @Test
    @Timeout(240)
    void whoAsksWhileItIsReadIsServedByOneReadingThatBeginsAfterwards() throws Exception {
        AskedMeanwhile.ofThree(then -> tree.onSync = then, this::ask);

        assertThat(tree.syncs).isEqualTo(2);
        worlds.now();
        assertThat(tree.syncs).isEqualTo(3);
    }

    private Thread ask() {
        return Thread.ofPlatform().start(() -> {
            try {
                worlds.now();
            } catch (ConnectionLost | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Shows what was there when it was last told to catch up. */
    private static final class Behind implements Tree {
        private final NavigableMap<String, Entry> newest = new TreeMap<>();
        private NavigableMap<String, Entry> seen = new TreeMap<>();
        private int syncs;
        private AskedMeanwhile.Blocking onSync = () -> {};

        void enrol(NodeName node) {
            Alive machine = Alive.at("instance", Ipv4.parse("10.99.0.1"));
            newest.put(Paths.node(node), new Entry(Json.write(NodeRecord.enrolled(node, machine)), 0, 0));
            newest.put(Paths.assign(node), new Entry(Json.write(new Assignment.Free(1, 0)), 0, 0));
        }

        @Override
        public Optional<Entry> get(String path) {
            return Optional.ofNullable(seen.get(path));
        }

        @Override
        public Map<String, Entry> get(Collection<String> paths) {
            return paths.stream().filter(seen::containsKey).collect(Collectors.toMap(path -> path, seen::get));
        }

        @Override
        public void sync() throws InterruptedException {
            syncs++;
            onSync.run();
            seen = new TreeMap<>(newest);
        }

        @Override
        public List<String> children(String path) {
            return seen.keySet().stream()
                    .filter(entry -> entry.startsWith(path + "/"))
                    .map(entry -> entry.substring(path.length() + 1))
                    .toList();
        }

        @Override
        public void commit(List<Op> ops) {
            throw new UnsupportedOperationException("a server that shows something writes nothing");
        }

        @Override
        public void watch(String path, Consumer<String> named, Runnable anything) {
            // Nothing is ever signalled.
        }

        @Override
        public void onSession(Consumer<SessionState> listener) {
            throw new UnsupportedOperationException("sessions do not matter here");
        }

        @Override
        public long session() {
            return 1;
        }
    }
}
