package dev.scc.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Happening;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class IgnoredEntriesTest {
    private final IgnoredEntries ignored = new IgnoredEntries();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    /** What is told of a pass that finds these. */
    private List<Happening> pass(String... paths) {
        ignored.beginPass();
        for (String path : paths) {
            ignored.add(path, "nobody understands it");
        }
        return ignored.news(now);
    }

    private static Happening at(String path) {
        return Happening.EntryIgnored.at(path, "nobody understands it");
    }

    @Test
    void eachIsToldOnceAsLongAsItIsFound() {
        assertThat(pass("/scc/a")).containsExactly(at("/scc/a"));
        assertThat(pass("/scc/a", "/scc/b")).containsExactly(at("/scc/b"));
        for (int i = 0; i < 5; i++) {
            now = now.plus(Duration.ofMinutes(9));
            assertThat(pass("/scc/a", "/scc/b")).isEmpty();
        }
    }

    @Test
    void oneThatWasGoneForLongIsToldAgain() {
        pass("/scc/a");
        now = now.plus(Duration.ofMinutes(10));
        assertThat(pass()).isEmpty();
        assertThat(pass("/scc/a")).as("it was not gone for longer").isEmpty();

        now = now.plus(Duration.ofMinutes(10)).plusMillis(1);
        assertThat(pass("/scc/a")).containsExactly(at("/scc/a"));
    }

    @Test
    void whoWritesManyDoesNotFillTheJournal() {
        String[] many = new String[60];
        for (int i = 0; i < many.length; i++) {
            many[i] = "/scc/" + i;
        }

        assertThat(pass(many)).hasSize(50);
        assertThat(pass(many)).isEmpty();
    }
}
