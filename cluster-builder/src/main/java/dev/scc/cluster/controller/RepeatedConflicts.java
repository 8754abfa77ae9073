package dev.scc.cluster.controller;

import dev.scc.cluster.tree.Conflict;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which plans did not fit the tree, and how often in a row. Once is a race: the plan is made anew. Again and again means
 * that something stands in the way that no plan takes into account; that must not keep the controller from all else.
 */
final class RepeatedConflicts {
    /** So many in a row are no race. */
    static final int MANY = 6;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Logger log = LoggerFactory.getLogger(RepeatedConflicts.class);

    private final Map<String, Integer> inARow = new HashMap<>();
    private final Set<String> inThisPass = new HashSet<>();
    private Optional<Conflict> latest = Optional.empty();

    /**
     * How often a plan has not fitted.
     *
     * @param times in a row, from 1
     * @param why which entry is in the way
     */
    record Streak(int times, String why) {}

    /** What did not fit of the plan that is being carried out. */
    void note(Conflict conflict) {
        latest = Optional.of(conflict);
    }

    /** How it went with the plan for {@code what}; empty if it did fit. */
    Optional<Streak> attempted(String what) {
        if (latest.isEmpty()) {
            inARow.remove(what);
            return Optional.empty();
        }
        Streak streak =
                new Streak(inARow.merge(what, 1, Integer::sum), latest.get().words());
        latest = Optional.empty();
        inThisPass.add(what);
        if (streak.times() == MANY) {
            log.atWarn()
                    .addKeyValue("plan", what)
                    .addKeyValue("why", streak.why())
                    .log("what was planned does not fit the tree, again and again");
        }
        return Optional.of(streak);
    }

    /** Whether that has not fitted in this pass, and may well fit in the next. */
    boolean racing(String what) {
        return inThisPass.contains(what) && inARow.getOrDefault(what, 0) < MANY;
    }

    void beginPass() {
        latest = Optional.empty();
        inThisPass.clear();
    }

    /** Forgets what nobody plans any more. For the end of a pass that has got to the end. */
    void endPass() {
        inARow.keySet().retainAll(inThisPass);
    }

    /** Whether something fails so often that what is known of the tree is to be doubted. */
    boolean doubtful() {
        return inThisPass.stream().anyMatch(what -> inARow.getOrDefault(what, 0) == 2);
    }

    /** After how long to try again at the latest; an hour if everything did fit. */
    Duration pause() {
        if (inThisPass.isEmpty()) {
            return Duration.ofHours(1);
        }
        return inThisPass.stream()
                .map(what -> FIRST_PAUSE.multipliedBy(1L << Math.min(inARow.getOrDefault(what, 1) - 1, 20)))
                .min(Duration::compareTo)
                .filter(pause -> pause.compareTo(LONGEST_PAUSE) < 0)
                .orElse(LONGEST_PAUSE);
    }
}
