package dev.scc.cluster.audit;

import dev.scc.cluster.trust.Fingerprint;
import dev.scc.host.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Checks lines of an audit log, from its end on, while somebody reads them: each has to be the one of which the line after it has the
 * hash. That lines are missing at the log's end does not show. Not thread-safe.
 */
public final class AuditBackwards {
    /** More would say nothing new. */
    private static final int MOST = 20;

    private static final int LONGEST = 8192;

    private final List<String> broken = new ArrayList<>();
    private OptionalLong after = OptionalLong.empty();
    private Optional<String> hash = Optional.empty();
    private long entries;
    private long refused;

    /** What the line before those that were taken says; empty if it is no entry. */
    public Optional<AuditEntry> take(String line) {
        entries++;
        Optional<AuditEntry> entry = entry(line);
        if (entry.isEmpty()) {
            object("what is " + where() + " is no entry");
            after = after.isPresent() ? OptionalLong.of(after.getAsLong() - 1) : after;
            hash = Optional.empty();
            return entry;
        }
        long number = entry.get().number();
        if (after.isPresent() && number != after.getAsLong() - 1) {
            object("entry " + number + " is " + where());
        } else if (hash.isPresent() && !hash.get().equals(hash(line))) {
            object("entry " + number + " is not the one that was there when the entry after it was written");
        }
        after = OptionalLong.of(number);
        hash = Optional.of(entry.get().before());
        if (entry.get().fact().ending() == AuditEntry.Ending.NOT_ENTITLED) {
            refused++;
        }
        return entry;
    }

    /** Nothing is before what was taken. */
    public void end() {
        if (after.equals(OptionalLong.of(1))
                && hash.filter(before -> !before.isEmpty()).isPresent()) {
            object("entry 1 says that there was one before it");
        }
    }

    private static Optional<AuditEntry> entry(String line) {
        if (line.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(line, AuditEntry.class));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String hash(String line) {
        return Fingerprint.of(line.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private String where() {
        return after.isPresent() ? "before entry " + after.getAsLong() : "at the end";
    }

    private void object(String what) {
        if (broken.size() < MOST) {
            broken.add(what);
        }
    }

    /** How many lines were taken. */
    public long entries() {
        return entries;
    }

    /** How many of them tell of callers who were not entitled. */
    public long refused() {
        return refused;
    }

    /** What is wrong, from the end on; empty if nothing is. */
    public List<String> broken() {
        return List.copyOf(broken);
    }
}
