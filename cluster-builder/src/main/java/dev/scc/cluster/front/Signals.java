package dev.scc.cluster.front;

import java.util.function.Consumer;

/** Tells that something may have changed in the tree. Subscriptions come and go, where the tree's own watches stay for good. */
public interface Signals {
    /**
     * From now on tells of changes at the path and below it.
     *
     * @param named is called with the path of each entry that was written, made or removed
     * @param anything is called where it is not known what has changed; both on a thread that must not be held up
     */
    Subscription on(String path, Consumer<String> named, Runnable anything);

    /** As long as it is open, it is told. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
