package dev.scc.cli.render;

import java.util.Locale;

/** Durations as people read them: {@code 12 ms}, {@code 3.4 s}, {@code 2 min 5 s}. */
public final class Times {
    private Times() {}

    public static String of(long millis) {
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 120_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        return millis / 60_000 + " min " + millis % 60_000 / 1000 + " s";
    }
}
