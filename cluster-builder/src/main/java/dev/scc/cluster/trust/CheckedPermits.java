package dev.scc.cluster.trust;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Checks permits, and remembers for a minute those that were right: a job shows its own several times while it starts, and its
 * signatures take longer to check than all else that is done with it. A permit is checked anew as soon as the pool's roots are
 * others. Whether its person was put out meanwhile is for the caller to look at each time. Thread-safe.
 */
public final class CheckedPermits {
    static final Duration REMEMBERED = Duration.ofMinutes(1);
    static final int MOST = 64;

    /** What was right, by which roots, and when. */
    private record Checked(Permit permit, Roots roots, Instant at) {
        boolean holds(Roots present, Instant now) {
            return roots.equals(present) && !now.isBefore(at) && now.isBefore(at.plus(REMEMBERED));
        }
    }

    private final SequencedMap<String, Checked> latest = new LinkedHashMap<>();

    /**
     * What a server has signed.
     *
     * @param text by {@link Permit#signed}
     * @throws IllegalArgumentException as {@link Permit#check} does
     */
    public Permit check(String text, Roots roots, Instant now) {
        synchronized (latest) {
            Checked known = latest.get(text);
            if (known != null && known.holds(roots, now)) {
                return known.permit().timely(now);
            }
        }
        Permit permit = Permit.check(text, roots, now);
        synchronized (latest) {
            latest.remove(text);
            latest.put(text, new Checked(permit, roots, now));
            if (latest.size() > MOST) {
                latest.pollFirstEntry();
            }
        }
        return permit;
    }

    int remembered() {
        synchronized (latest) {
            return latest.size();
        }
    }
}
