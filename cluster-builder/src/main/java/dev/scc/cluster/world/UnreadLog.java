package dev.scc.cluster.world;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log which entries cannot be read: each once, however often its writer changes it. Not thread-safe. */
final class UnreadLog {
    private static final Logger log = LoggerFactory.getLogger(UnreadLog.class);
    private static final Duration AGAIN_AFTER = Duration.ofMinutes(10);
    /** Of more than so many at a time only their number is said. */
    private static final int MOST = 20;

    /** When each was last seen to be unreadable, as far as it has been said. */
    private final Map<String, Instant> told = new HashMap<>();

    void tell(Map<String, String> unread, Instant now) {
        told.values().removeIf(seen -> seen.plus(AGAIN_AFTER).isBefore(now));
        int more = 0;
        for (Map.Entry<String, String> entry : unread.entrySet()) {
            boolean news = told.put(entry.getKey(), now) == null;
            if (news && more++ < MOST) {
                log.atWarn()
                        .addKeyValue("path", entry.getKey())
                        .addKeyValue("why", entry.getValue())
                        .log("entry ignored");
            }
        }
        if (more > MOST) {
            log.atWarn().addKeyValue("entries", more - MOST).log("more entries ignored");
        }
    }
}
