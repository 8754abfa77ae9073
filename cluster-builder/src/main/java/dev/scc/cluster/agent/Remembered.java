package dev.scc.cluster.agent;

import dev.scc.cluster.tree.ConnectionLost;
import java.util.Optional;

/** Something that needs not be read again until there is a doubt. A doubt may come from any thread. */
final class Remembered<T> {
    private Optional<T> value = Optional.empty();
    private int doubts;

    /** Reads something where nothing is remembered. */
    @FunctionalInterface
    interface Source<T> {
        Optional<T> read() throws ConnectionLost, InterruptedException;
    }

    Optional<T> or(Source<T> source) throws ConnectionLost, InterruptedException {
        Optional<T> known = known();
        return known.isPresent() ? known : source.read();
    }

    private synchronized Optional<T> known() {
        return value;
    }

    /** Answers how many doubts there have been. */
    synchronized int forget() {
        value = Optional.empty();
        return ++doubts;
    }

    /** Unless there has been another doubt since. */
    synchronized void remember(int since, T what) {
        if (since == doubts) {
            value = Optional.of(what);
        }
    }
}
