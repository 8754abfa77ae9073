package dev.scc.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What happened, in order. Of every happening a digest is taken, by which two runs are compared; words are only made if
 * somebody wants them.
 */
final class Trace {
    private static final int LAST = 60;

    private final Timeline timeline;
    private final boolean words;
    private final Consumer<String> sink;
    private final Deque<String> last = new ArrayDeque<>();
    private long digest = 17;

    private Trace(Timeline timeline, boolean words, Consumer<String> sink) {
        this.timeline = timeline;
        this.words = words;
        this.sink = sink;
    }

    /** Keeps the digest only. */
    static Trace silent(Timeline timeline) {
        return new Trace(timeline, false, _ -> {});
    }

    /** Hands over each line, and keeps the last ones. */
    static Trace wordy(Timeline timeline, Consumer<String> sink) {
        return new Trace(timeline, true, sink);
    }

    void mark(String who, String what, Object detail) {
        digest = (digest ^ timeline.now()) * 0x9E3779B97F4A7C15L + who.hashCode() * 31L + what.hashCode();
        digest ^= digest >>> 29;
        if (words) {
            String line = String.format(
                    Locale.ROOT, "%12.6f %-4s %s %s", timeline.now() / 1e9, who, what, shortened(detail.toString()));
            last.add(line);
            if (last.size() > LAST) {
                last.remove();
            }
            sink.accept(line);
        }
    }

    /** Something that the digest must depend on. */
    void mix(long value) {
        digest = (digest ^ value) * 0xBF58476D1CE4E5B9L;
        digest ^= digest >>> 31;
    }

    private static String shortened(String text) {
        return text.length() <= 900 ? text : text.substring(0, 900) + "…";
    }

    long digest() {
        return digest;
    }

    List<String> last() {
        return List.copyOf(last);
    }
}
