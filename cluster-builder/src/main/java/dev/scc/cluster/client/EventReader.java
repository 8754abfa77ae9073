package dev.scc.cluster.client;

import dev.scc.cluster.Event;
import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Reads events in the order in which they happened, each once. */
final class EventReader {
    private static final long LOOK_AT_LEAST_SECONDS = 2;

    private final Tree tree;
    private String last = "";

    EventReader(Tree tree) {
        this.tree = tree;
    }

    /** Those that have been written since the last call; at the first, all that are kept. */
    List<Event> more() throws ConnectionLost, InterruptedException {
        List<String> paths = tree.children(Paths.EVENTS).stream()
                .filter(name -> name.compareTo(last) > 0)
                .map(name -> Paths.EVENTS + "/" + name)
                .toList();
        Map<String, Entry> entries = new TreeMap<>(tree.get(paths));
        if (!paths.isEmpty()) {
            last = paths.getLast().substring(Paths.EVENTS.length() + 1);
        }
        return entries.values().stream()
                .map(entry -> Json.read(entry.text(), Event.class))
                .toList();
    }

    /** Hands over what happens from now on, until this thread is interrupted. A lost connection is waited for. */
    void follow(Consumer<Event> sink) throws InterruptedException {
        Semaphore signals = new Semaphore(0);
        tree.watch(Paths.EVENTS, signals::release);
        while (true) {
            signals.drainPermits();
            try {
                more().forEach(sink);
            } catch (ConnectionLost e) {
                // What is missed meanwhile is read when it stands again.
                signals.drainPermits();
            }
            signals.tryAcquire(LOOK_AT_LEAST_SECONDS, TimeUnit.SECONDS);
        }
    }
}
