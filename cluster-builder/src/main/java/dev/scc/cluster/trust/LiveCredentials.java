package dev.scc.cluster.trust;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A process's credentials, which change when they are renewed: connections made from then on show the new ones. Thread-safe. */
public final class LiveCredentials {
    private final List<Runnable> changed = new CopyOnWriteArrayList<>();
    private final List<Runnable> wanted = new CopyOnWriteArrayList<>();
    private volatile Credentials current;

    public LiveCredentials(Credentials first) {
        current = first;
    }

    public Credentials current() {
        return current;
    }

    /** @throws IllegalArgumentException if they are somebody else's */
    public void renew(Credentials next) {
        if (!next.principal().equals(current.principal())) {
            throw new IllegalArgumentException(next.principal() + " is not " + current.principal());
        }
        current = next;
        changed.forEach(Runnable::run);
    }

    /** Has them renewed soon, by whoever does that for this process. */
    public void wantRenewal() {
        wanted.forEach(Runnable::run);
    }

    /** Has {@code listener} called when somebody wants a renewal, on his thread. */
    public void onWanted(Runnable listener) {
        wanted.add(listener);
    }

    /** Has {@code listener} called after each renewal, on the thread that renews. */
    public void onRenewal(Runnable listener) {
        changed.add(listener);
    }
}
