package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Event;
import dev.scc.cluster.Happening;
import dev.scc.cluster.Paths;
import dev.scc.cluster.api.EventSaid;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.SessionState;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventLogTest {
    private final Signalling tree = new Signalling();
    private final EventLog events = new EventLog(tree, new TreeSignals(tree));

    /** ZooKeeper's client hands answers and watches over on one thread: no answer comes while a watch is held up. */
    @Test
    @Timeout(240)
    void aSignalThatComesWhileEventsAreReadIsNotInTheWayOfWhatIsRead() throws Exception {
        tree.write("e1", new Happening.NodeEnrolled(new NodeName("n1")));
        List<EventSaid> said = new ArrayList<>();

        events.tell("", false, Duration.ZERO, said::add);

        assertThat(said).hasSize(2).last().isInstanceOf(EventSaid.UpToDate.class);
        assertThat(tree.syncs).as("its server may have been behind").isEqualTo(1);
    }

    @Test
    void whatIsWrittenWhileEventsAreReadIsReadByTheNextWhoAsks() throws Exception {
        tree.write("e1", new Happening.NodeEnrolled(new NodeName("n1")));
        events.tell("", false, Duration.ZERO, _ -> {});
        tree.write("e2", new Happening.NodeBack(new NodeName("n1")));
        List<EventSaid> said = new ArrayList<>();

        events.tell("e1", false, Duration.ZERO, said::add);

        assertThat(said)
                .first()
                .isInstanceOfSatisfying(
                        EventSaid.Happened.class,
                        happened -> assertThat(happened.event().what()).isEqualTo("is back"));
    }

    @Test
    @Timeout(240)
    void whoFollowsHearsBeatsAndWhatHappensUntilHeListensNoMore() {
        List<EventSaid> said = new ArrayList<>();

        assertThatThrownBy(() -> events.tell("", true, Duration.ofMillis(1), one -> {
                    said.add(one);
                    if (said.size() == 3) {
                        tree.write("e1", new Happening.NodeEnrolled(new NodeName("n1")));
                    }
                    if (one instanceof EventSaid.Happened) {
                        throw new InterruptedException("heard enough");
                    }
                }))
                .hasMessage("heard enough");

        assertThat(said).startsWith(new EventSaid.UpToDate(), new EventSaid.Beat(), new EventSaid.Beat());
        assertThat(said).filteredOn(EventSaid.Happened.class::isInstance).hasSize(1);
    }

    @Test
    @Timeout(240)
    void whoFollowsHearsAtOnceWhatIsSignalled() {
        assertThatThrownBy(() -> events.tell("", true, Duration.ofMinutes(1), one -> {
                    switch (one) {
                        case EventSaid.UpToDate _ -> {
                            tree.write("e1", new Happening.NodeEnrolled(new NodeName("n1")));
                            tree.signal();
                        }
                        case EventSaid.Happened _ -> throw new InterruptedException("heard it");
                        case EventSaid.Beat _ -> throw new AssertionError("a minute is over");
                    }
                }))
                .hasMessage("heard it");
    }

    @Test
    @Timeout(240)
    void whoWantsNoBeatsHearsNone() {
        tree.onRead = () -> {
            if (tree.reads == 5) {
                tree.write("e1", new Happening.NodeEnrolled(new NodeName("n1")));
            }
        };

        assertThatThrownBy(() -> events.tell("", true, Duration.ZERO, one -> {
                    switch (one) {
                        case EventSaid.UpToDate _ -> {}
                        case EventSaid.Happened _ -> throw new InterruptedException("heard it");
                        case EventSaid.Beat _ -> throw new AssertionError("nobody wants that");
                    }
                }))
                .hasMessage("heard it");
    }

    /** Each on a thread of its own. */
    @Test
    @Timeout(240)
    void whoAsksKeepsNobodyElseWaiting() throws Exception {
        tree.write("e1", new Happening.NodeEnrolled(new NodeName("n1")));
        for (int number = 1; number <= 2; number++) {
            List<EventSaid> said = new CopyOnWriteArrayList<>();
            Thread asks = Thread.ofVirtual().start(() -> {
                try {
                    events.tell("", false, Duration.ZERO, said::add);
                } catch (ConnectionLost | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });

            asks.join();

            assertThat(said).hasSize(2);
        }
    }

    @Test
    @Timeout(240)
    void whoAsksWhileEventsAreReadIsServedByOneReadingThatBeginsAfterwards() throws Exception {
        AskedMeanwhile.ofThree(then -> tree.onSync = then, this::ask);

        assertThat(tree.syncs).isEqualTo(2);
    }

    private Thread ask() {
        return Thread.ofPlatform().start(() -> {
            try {
                events.tell("", false, Duration.ZERO, _ -> {});
            } catch (ConnectionLost | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    @Timeout(240)
    void whileNothingIsSignalledNothingIsRead() {
        int[] beats = {0};
        tree.silent = true;

        assertThatThrownBy(() -> events.tell("", true, Duration.ofMillis(1), one -> {
                    if (one instanceof EventSaid.Beat && ++beats[0] == 20) {
                        throw new InterruptedException("heard enough");
                    }
                }))
                .hasMessage("heard enough");

        assertThat(tree.reads).isLessThan(10);
    }

    /** Answers a read after all signals are through, as one thread of ZooKeeper's client does. */
    private static final class Signalling implements Tree {
        private final NavigableMap<String, Entry> entries = new TreeMap<>();
        private final List<Consumer<String>> watches = new ArrayList<>();

        void write(String key, Happening happening) {
            entries.put(Paths.EVENTS + "/" + key, new Entry(Json.write(new Event(0, 1, happening)), 0, 0));
        }

        private boolean silent;
        private final List<String> gotten = new CopyOnWriteArrayList<>();
        private int reads;
        private int syncs;
        private Runnable onRead = () -> {};
        private AskedMeanwhile.Blocking onSync = () -> {};

        private void signal() throws InterruptedException {
            if (silent) {
                return;
            }
            Thread events = Thread.ofPlatform().start(() -> watches.forEach(watch -> watch.accept(Paths.EVENTS)));
            events.join();
        }

        @Override
        public Optional<Entry> get(String path) throws InterruptedException {
            return Optional.ofNullable(get(List.of(path)).get(path));
        }

        @Override
        public Map<String, Entry> get(Collection<String> paths) throws InterruptedException {
            gotten.addAll(paths);
            signal();
            return paths.stream().filter(entries::containsKey).collect(Collectors.toMap(path -> path, entries::get));
        }

        @Override
        public void sync() throws InterruptedException {
            syncs++;
            onSync.run();
            signal();
        }

        @Override
        public List<String> children(String path) throws InterruptedException {
            reads++;
            onRead.run();
            signal();
            return entries.keySet().stream()
                    .map(entry -> entry.substring(path.length() + 1))
                    .toList();
        }

        @Override
        public void commit(List<Op> ops) {
            throw new UnsupportedOperationException("nobody writes while events are read");
        }

        @Override
        public void watch(String path, Consumer<String> named, Runnable anything) {
            watches.add(named);
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

    @Test
    @Timeout(240)
    void whoFollowsHasNothingReadWhileNothingIsSignalled() {
        MemoryTree quiet = new MemoryTree();
        EventLog log = new EventLog(quiet, new TreeSignals(quiet));
        List<EventSaid> said = new ArrayList<>();

        assertThatThrownBy(() -> log.tell("", true, Duration.ofMillis(1), one -> {
                    said.add(one);
                    if (said.size() == 30) {
                        throw new InterruptedException("heard enough");
                    }
                }))
                .hasMessage("heard enough");

        assertThat(said).endsWith(new EventSaid.Beat());
        assertThat(quiet.lists()).isEqualTo(1);
    }

    private Thread follows(Duration beat, EventLog.Sink sink) {
        Thread follower = Thread.ofPlatform().start(() -> {
            try {
                events.tell("", true, beat, sink);
            } catch (ConnectionLost | InterruptedException e) {
                // The test has heard enough.
            }
        });
        while (follower.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return follower;
    }

    @Test
    @Timeout(240)
    void whoFollowsWaitsWhileNothingHappensAndIsInNobodysWayWhenHeHasGone() throws Exception {
        for (Duration beat : List.of(Duration.ZERO, Duration.ofMinutes(1))) {
            tree.silent = true;
            Thread follower = follows(beat, _ -> {});
            follower.interrupt();
            follower.join();
            tree.silent = false;

            tree.signal();

            List<EventSaid> said = new CopyOnWriteArrayList<>();
            Thread asks = Thread.ofPlatform().start(() -> {
                try {
                    events.tell("", false, Duration.ZERO, said::add);
                } catch (ConnectionLost | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            asks.join();
            assertThat(said).containsExactly(new EventSaid.UpToDate());
        }
    }

    @Test
    @Timeout(240)
    void aSignalThatTellsNothingNewIsNoBeat() {
        tree.onRead = () -> {
            if (tree.reads == 5) {
                tree.write("e1", new Happening.NodeEnrolled(new NodeName("n1")));
            }
        };

        assertThatThrownBy(() -> events.tell("", true, Duration.ofMinutes(1), one -> {
                    switch (one) {
                        case EventSaid.UpToDate _ -> {}
                        case EventSaid.Happened _ -> throw new InterruptedException("heard it");
                        case EventSaid.Beat _ -> throw new AssertionError("a minute is over");
                    }
                }))
                .hasMessage("heard it");
    }

    /** A watch may be lost, and another server may have written what this one's does not show yet. */
    @Test
    @Timeout(240)
    void whatNobodyHasSignalledIsToldToWhoAsksAndSoonToWhoFollows() throws Exception {
        tree.silent = true;
        events.tell("", false, Duration.ZERO, _ -> {});
        tree.write("e1", new Happening.NodeEnrolled(new NodeName("n1")));
        List<EventSaid> said = new ArrayList<>();

        events.tell("", false, Duration.ZERO, said::add);

        assertThat(said).hasSize(2);
        assertThat(tree.syncs).isEqualTo(2);
        assertThatThrownBy(() -> events.tell("e1", true, Duration.ofMillis(100), one -> {
                    switch (one) {
                        case EventSaid.UpToDate _ -> tree.write("e2", new Happening.NodeBack(new NodeName("n1")));
                        case EventSaid.Happened _ -> throw new InterruptedException("heard it");
                        case EventSaid.Beat _ -> {}
                    }
                }))
                .hasMessage("heard it");
    }

    @Test
    @Timeout(240)
    void whoseReadingFailsKeepsNobodyElseWaiting() throws Exception {
        tree.onSync = () -> {
            throw new IllegalStateException("the tree does not answer");
        };
        assertThatThrownBy(() -> events.tell("", false, Duration.ZERO, _ -> {})).hasMessage("the tree does not answer");
        tree.onSync = () -> {};
        tree.write("e1", new Happening.NodeEnrolled(new NodeName("n1")));
        List<EventSaid> said = new CopyOnWriteArrayList<>();

        Thread other = Thread.ofPlatform().start(() -> {
            try {
                events.tell("", false, Duration.ZERO, said::add);
            } catch (ConnectionLost | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        other.join();

        assertThat(said).hasSize(2);
    }

    @Test
    @Timeout(240)
    void eachEventIsReadOnceAndOneThatNobodyUnderstandsIsNotTold() throws Exception {
        tree.write("e1", new Happening.NodeEnrolled(new NodeName("n1")));
        events.tell("", false, Duration.ZERO, _ -> {});
        tree.entries.put(Paths.EVENTS + "/e2", new Entry("what?", 0, 0));
        tree.write("e3", new Happening.NodeBack(new NodeName("n1")));
        List<EventSaid> said = new ArrayList<>();

        events.tell("", false, Duration.ZERO, said::add);

        assertThat(said)
                .filteredOn(EventSaid.Happened.class::isInstance)
                .extracting(one -> ((EventSaid.Happened) one).key())
                .containsExactly("e1", "e3");
        assertThat(tree.gotten).containsOnlyOnce(Paths.EVENTS + "/e1");
    }

    @Test
    @Timeout(240)
    void whoWaitsForWhatHappensIsWokenByASignal() throws Exception {
        tree.silent = true;
        BlockingQueue<EventSaid> said = new LinkedBlockingQueue<>();
        Thread follower = follows(Duration.ofMinutes(1), said::add);
        assertThat(said.take()).isEqualTo(new EventSaid.UpToDate());
        tree.write("e1", new Happening.NodeEnrolled(new NodeName("n1")));
        tree.silent = false;

        tree.signal();

        assertThat(said.take()).isInstanceOf(EventSaid.Happened.class);
        follower.interrupt();
        follower.join();
    }

    @Test
    @Timeout(240)
    void whatIsSignalledIsToldBeforeTheNextBeat() {
        assertThatThrownBy(() -> events.tell("", true, Duration.ofMillis(1), one -> {
                    switch (one) {
                        case EventSaid.UpToDate _ -> {
                            tree.write("e1", new Happening.NodeEnrolled(new NodeName("n1")));
                            tree.signal();
                        }
                        case EventSaid.Happened _ -> throw new InterruptedException("heard it");
                        case EventSaid.Beat _ -> throw new AssertionError("it is signalled, and not read");
                    }
                }))
                .hasMessage("heard it");
    }
}
