package dev.scc.cluster.world;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class UnreadLogTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    /** Others may log the like meanwhile. */
    private static final String MINE = "/scc/status/unread-log-test-";

    private final Logger logger = (Logger) LoggerFactory.getLogger(UnreadLog.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private UnreadLog unread = new UnreadLog();

    @BeforeEach
    void listen() {
        logged.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(logged);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(logged);
        logger.setLevel(null);
    }

    private List<String> said(Map<String, String> entries, Instant now) {
        logged.list.clear();
        unread.tell(entries, now);
        return List.copyOf(logged.list).stream()
                .filter(event ->
                        event.getThreadName().equals(Thread.currentThread().getName()))
                .flatMap(event -> event.getKeyValuePairs().stream())
                .filter(pair -> !pair.key.equals("why"))
                .map((KeyValuePair pair) -> pair.key + " " + pair.value)
                .toList();
    }

    private static Map<String, String> entries(int count) {
        Map<String, String> entries = new TreeMap<>();
        for (int number = 10; number < 10 + count; number++) {
            entries.put(MINE + number, "is nonsense");
        }
        return entries;
    }

    @Test
    void eachIsToldOnceWhileItCannotBeRead() {
        assertThat(said(Map.of(), NOW)).isEmpty();
        assertThat(said(entries(2), NOW)).containsExactly("path " + MINE + 10, "path " + MINE + 11);
        assertThat(said(entries(3), NOW)).containsExactly("path " + MINE + 12);
        for (int minute = 0; minute <= 30; minute += 10) {
            assertThat(said(entries(3), NOW.plus(Duration.ofMinutes(minute)))).isEmpty();
        }
    }

    @Test
    void oneThatCouldBeReadForLongIsToldAgain() {
        said(entries(1), NOW);
        assertThat(said(Map.of(), NOW.plus(Duration.ofMinutes(10)))).isEmpty();
        assertThat(said(entries(1), NOW.plus(Duration.ofMinutes(10)))).isEmpty();

        assertThat(said(Map.of(), NOW.plus(Duration.ofMinutes(21)))).isEmpty();
        assertThat(said(entries(1), NOW.plus(Duration.ofMinutes(21)))).hasSize(1);
    }

    @Test
    void ofMoreThanTwentyOnlyTheNumberOfTheOthersIsTold() {
        assertThat(said(entries(20), NOW)).hasSize(20);
        unread = new UnreadLog();
        assertThat(said(entries(23), NOW)).hasSize(21).last().isEqualTo("entries 3");
    }
}
