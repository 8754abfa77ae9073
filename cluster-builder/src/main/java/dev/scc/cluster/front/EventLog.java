package dev.scc.cluster.front;

import dev.scc.cluster.Event;
import dev.scc.cluster.Paths;
import dev.scc.cluster.api.EventSaid;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.view.EventList;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool's events as one server knows them: each is read once, for all who follow. Thread-safe; each follower waits on a
 * thread of its own.
 */
final class EventLog {
    private static final Logger log = LoggerFactory.getLogger(EventLog.class);
    private static final Duration LOOK_AT_LEAST = Duration.ofSeconds(2);

    /** Where a follower puts what is said. */
    @FunctionalInterface
    interface Sink {
        /** @throws InterruptedException if nobody listens any more */
        void say(EventSaid said) throws InterruptedException;
    }

    private final Tree tree;

    /** Held by whoever reads. Never taken where signals come from: the tree's answers come on the same thread. */
    private final ReentrantLock reading = new ReentrantLock();

    /** Held for an instant only. */
    private final ReentrantLock waiting = new ReentrantLock();

    private final Condition signalled = waiting.newCondition();

    /** Those that are kept in the tree, by their keys. Only replaced. */
    private NavigableMap<String, EventList.Row> kept = new TreeMap<>();

    /** How often something may have changed; what had been signalled when {@link #kept} was read. */
    private final AtomicLong signals = new AtomicLong(1);

    private volatile long read;
    private long readAtNanos;

    /** How many have asked for all that there is; how many of them {@link #kept} answers. */
    private final AtomicLong asked = new AtomicLong();

    private long answered;

    EventLog(Tree tree, Signals signals) {
        this.tree = tree;
        signals.on(Paths.EVENTS, _ -> signal(), this::signal);
    }

    private void signal() {
        signals.incrementAndGet();
        waiting.lock();
        try {
            signalled.signalAll();
        } finally {
            waiting.unlock();
        }
    }

    /**
     * Says what has happened after a key, a mark, and then, if wanted, what happens until this thread is interrupted.
     *
     * @param beat how often it says that it is there; zero for never
     */
    void tell(String after, boolean follow, Duration beat, Sink sink) throws ConnectionLost, InterruptedException {
        String last = tellNew(after, upToDate(true), sink);
        sink.say(new EventSaid.UpToDate());
        long said = System.nanoTime();
        while (follow) {
            String before = last;
            awaitSignal(beat.isZero() ? LOOK_AT_LEAST : beat);
            last = tellNew(last, upToDate(false), sink);
            if (!last.equals(before)) {
                said = System.nanoTime();
            } else if (!beat.isZero() && System.nanoTime() - said >= beat.toNanos()) {
                sink.say(new EventSaid.Beat());
                said = System.nanoTime();
            }
        }
    }

    private static String tellNew(String after, NavigableMap<String, EventList.Row> events, Sink sink)
            throws InterruptedException {
        String last = after;
        for (Map.Entry<String, EventList.Row> one : events.tailMap(after, false).entrySet()) {
            sink.say(new EventSaid.Happened(one.getKey(), one.getValue()));
            last = one.getKey();
        }
        return last;
    }

    private void awaitSignal(Duration atMost) throws InterruptedException {
        waiting.lockInterruptibly();
        try {
            long left = atMost.toNanos();
            while (signals.get() == read && left > 0) {
                left = signalled.awaitNanos(left);
            }
        } finally {
            waiting.unlock();
        }
    }

    /**
     * What is there now, as far as signals tell, or a look from time to time: nothing must depend on a watch.
     *
     * @param all that had been written before this call is to be there, by whichever server: read once for all who ask meanwhile
     */
    private NavigableMap<String, EventList.Row> upToDate(boolean all) throws ConnectionLost, InterruptedException {
        long mine = all ? asked.incrementAndGet() : 0;
        reading.lockInterruptibly();
        try {
            boolean behind = answered < mine;
            if (behind || signals.get() != read || System.nanoTime() - readAtNanos > LOOK_AT_LEAST.toNanos()) {
                long upTo = signals.get();
                long everybody = asked.get();
                if (behind) {
                    tree.sync();
                }
                kept = readAgain();
                read = upTo;
                readAtNanos = System.nanoTime();
                answered = behind ? everybody : answered;
            }
            return kept;
        } finally {
            reading.unlock();
        }
    }

    private NavigableMap<String, EventList.Row> readAgain() throws ConnectionLost, InterruptedException {
        List<String> keys = tree.children(Paths.EVENTS);
        NavigableMap<String, EventList.Row> next = new TreeMap<>();
        keys.stream().filter(kept::containsKey).forEach(key -> next.put(key, kept.get(key)));
        Map<String, Entry> fresh = tree.get(keys.stream()
                .filter(key -> !kept.containsKey(key))
                .map(key -> Paths.EVENTS + "/" + key)
                .toList());
        fresh.forEach((path, entry) -> {
            try {
                next.put(path.substring(Paths.EVENTS.length() + 1), EventList.Row.of(entry.read(Event.class)));
            } catch (IllegalArgumentException e) {
                log.atWarn()
                        .addKeyValue("path", path)
                        .addKeyValue("why", e.getMessage())
                        .log("event ignored");
            }
        });
        return next;
    }
}
