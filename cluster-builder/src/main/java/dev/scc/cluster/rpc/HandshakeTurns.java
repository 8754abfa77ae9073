package dev.scc.cluster.rpc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How many TLS handshakes a process does at a time. A thousand that begin at once all end at the same time, after their deadlines;
 * one after the other, most of them end in time. Addresses take turns, so that one from which many come keeps no other waiting for
 * long. Who has begun and says nothing more loses its turn, not its connection. Thread-safe.
 */
final class HandshakeTurns {
    /** Enough to keep this machine's processors busy while the others wait for their peers. */
    private static final int MOST = 16;

    /** Of all doors of this process: they share its processors. */
    static final HandshakeTurns OF_THIS_PROCESS = new HandshakeTurns(MOST);

    private final int most;
    private final Set<Turn> taken = new HashSet<>();
    private final Map<String, Deque<Turn>> waiting = new LinkedHashMap<>();
    private final Map<String, Integer> takenFrom = new HashMap<>();

    /** A connection's, which is waited for, had and given back once. */
    static final class Turn {
        private final String from;
        private final Runnable begin;
        private boolean over;

        private Turn(String from, Runnable begin) {
            this.from = from;
            this.begin = begin;
        }
    }

    /** @param most handshakes at a time */
    HandshakeTurns(int most) {
        this.most = most;
    }

    /**
     * Waits for a turn.
     *
     * @param from address of the other side, without its port
     * @param begin is called once it is there, if it has not been given back before; on any thread, and must not wait
     */
    Turn await(String from, Runnable begin) {
        Turn turn = new Turn(from, begin);
        synchronized (this) {
            waiting.computeIfAbsent(from, _ -> new ArrayDeque<>()).add(turn);
        }
        callNext();
        return turn;
    }

    /** It is not needed, or not needed any more. Again: changes nothing. */
    void giveBack(Turn turn) {
        synchronized (this) {
            if (turn.over) {
                return;
            }
            turn.over = true;
            if (taken.remove(turn)) {
                takenFrom.computeIfPresent(turn.from, (_, has) -> has > 1 ? has - 1 : null);
            } else {
                waiting.computeIfPresent(turn.from, (_, queue) -> {
                    queue.remove(turn);
                    return queue.isEmpty() ? null : queue;
                });
            }
        }
        callNext();
    }

    /** How many have their turn, and how many wait for it. */
    synchronized int[] counts() {
        return new int[] {
            taken.size(), waiting.values().stream().mapToInt(Deque::size).sum()
        };
    }

    private void callNext() {
        List<Turn> called = new ArrayList<>();
        synchronized (this) {
            while (taken.size() < most && !waiting.isEmpty()) {
                Turn next = next();
                taken.add(next);
                takenFrom.merge(next.from, 1, Integer::sum);
                called.add(next);
            }
        }
        called.forEach(turn -> turn.begin.run());
    }

    /** Of the address that has the fewest, and among those of the one that was served longest ago. */
    private Turn next() {
        String from = waiting.keySet().iterator().next();
        for (String address : waiting.keySet()) {
            if (takenFrom.getOrDefault(address, 0) < takenFrom.getOrDefault(from, 0)) {
                from = address;
            }
        }
        Deque<Turn> queue = Objects.requireNonNull(waiting.remove(from));
        Turn next = queue.remove();
        if (!queue.isEmpty()) {
            waiting.put(from, queue);
        }
        return next;
    }
}
