package dev.scc.host;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reads the last few texts of a kind once, however many read them: the same text gives the same value, also by identity. Safe
 * for use by several threads.
 */
public final class ParsedTexts<T> {
    private static final int REMEMBERED = 4;

    private final Class<T> type;
    private final Deque<SoftReference<Known<T>>> last = new ArrayDeque<>();

    private record Known<T>(String text, T value) {}

    /** @param type immutable */
    public ParsedTexts(Class<T> type) {
        this.type = type;
    }

    /** @throws IllegalArgumentException if {@code text} is not JSON, or not of the type; the message says why and where */
    public synchronized T read(String text) {
        for (SoftReference<Known<T>> reference : last) {
            Known<T> known = reference.get();
            if (known != null && known.text().equals(text)) {
                return known.value();
            }
        }
        T value = Json.read(text, type);
        last.addFirst(new SoftReference<>(new Known<>(text, value)));
        if (last.size() > REMEMBERED) {
            last.removeLast();
        }
        return value;
    }
}
