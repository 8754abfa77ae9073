package dev.scc.host;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/**
 * Works something out once for each of the last few keys, where many ask for the same: a thousand agents in one process serve
 * the same roster. Keys are the same if they are identical, and are not kept from being collected. Safe for use by several
 * threads; those that ask meanwhile wait.
 *
 * @param <V> must not refer to its key
 */
public final class Memo<K, V> {
    private static final int REMEMBERED = 4;

    private final Function<K, V> work;
    private final Deque<Known<K, V>> last = new ArrayDeque<>();

    private record Known<K, V>(WeakReference<K> key, V value) {}

    /** @param work pure: the same answer to the same question */
    public Memo(Function<K, V> work) {
        this.work = work;
    }

    public synchronized V of(K key) {
        last.removeIf(known -> known.key().refersTo(null));
        for (Known<K, V> known : last) {
            if (known.key().refersTo(key)) {
                return known.value();
            }
        }
        V value = work.apply(key);
        last.addFirst(new Known<>(new WeakReference<>(key), value));
        if (last.size() > REMEMBERED) {
            last.removeLast();
        }
        return value;
    }
}
