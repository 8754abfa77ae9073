package dev.scc.cluster.controller;

import dev.scc.cluster.Happening;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a controller cannot read, and which of it events tell of: of each entry once, and again only after it could be read for
 * a while, so that no writer of nonsense fills the journal.
 */
final class IgnoredEntries {
    private static final Duration AGAIN_AFTER = Duration.ofMinutes(10);
    /** So many in one of these times. */
    private static final int MOST = 50;

    private final Map<String, String> found = new TreeMap<>();
    /** When each was last found, as far as it has been told. */
    private final Map<String, Instant> told = new HashMap<>();

    void beginPass() {
        found.clear();
    }

    void add(String path, String why) {
        found.put(path, why);
    }

    /** What is to be told of what was found in this pass. */
    List<Happening> news(Instant now) {
        told.values().removeIf(last -> last.plus(AGAIN_AFTER).isBefore(now));
        List<Happening> news = new ArrayList<>();
        found.forEach((path, why) -> {
            if (told.containsKey(path)) {
                told.put(path, now);
            } else if (told.size() < MOST) {
                told.put(path, now);
                news.add(Happening.EntryIgnored.at(path, why));
            }
        });
        return news;
    }
}
