package dev.scc.cluster.audit;

import java.util.List;
import java.util.Optional;

/**
 * Some lines of an audit log, one after the other, as they stand in its files. Whoever reads a log from its end takes what is before
 * {@link #begin} next.
 *
 * @param begin where the first of the lines begins; empty if nothing is before them
 * @param lines the oldest first
 */
public record AuditPage(Optional<Place> begin, List<String> lines) {
    public AuditPage {
        lines = List.copyOf(lines);
    }

    /**
     * A place in a log.
     *
     * @param file the number in the name of one of its files
     * @param offset in that file, in bytes
     */
    public record Place(long file, long offset) {
        /** Whether it is nearer to the log's beginning. */
        public boolean isBefore(Place other) {
            return file < other.file || (file == other.file && offset < other.offset);
        }
    }
}
