package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.ForwardingTree;
import dev.scc.cluster.zk.EmptyTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class TreeSignalsTest {
    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private Consumer<String> named = _ -> {};
    private Runnable anything = () -> {};
    private Signals signals;
    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
        signals = new TreeSignals(new ForwardingTree(zooKeeper.tree()) {
            @Override
            public void watch(String path, Consumer<String> names, Runnable doubts) {
                assertThat(path).isEqualTo(Paths.ROOT);
                named = names;
                anything = doubts;
            }
        });
    }

    @AfterEach
    void stop() {
        zooKeeper.close();
    }

    private Signals.Subscription subscribe(String path) {
        return signals.on(path, heard::add, () -> heard.add("anything"));
    }

    @Test
    void whoSubscribesHearsOfThePathAndOfWhatIsBelow() {
        subscribe("/scc/requests/r1");

        for (String path :
                List.of("/scc/requests/r1", "/scc/requests/r1/outcome", "/scc/requests/r10", "/scc/requests")) {
            named.accept(path);
        }

        assertThat(heard).containsExactly("/scc/requests/r1", "/scc/requests/r1/outcome");
    }

    @Test
    void allHearOfADoubtAndWhoHasGoneHearsNothing() {
        Signals.Subscription first = subscribe("/scc/events");
        subscribe("/scc/status");
        anything.run();
        assertThat(heard).containsExactly("anything", "anything");

        first.close();
        heard.clear();
        anything.run();
        named.accept("/scc/events/e");
        assertThat(heard).containsExactly("anything");
    }
}
