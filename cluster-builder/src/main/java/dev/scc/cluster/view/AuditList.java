package dev.scc.cluster.view;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Who has asked servers, agents and keepers of jobs for what, the oldest first. */
public record AuditList(@JsonValue List<Row> entries) implements PoolView {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public AuditList {
        entries = List.copyOf(entries);
    }

    /** Those of several logs in the order of their times, as far as clocks agree. */
    public static AuditList merged(List<Row> rows) {
        return new AuditList(rows.stream()
                .sorted(Comparator.comparing(row -> Instant.parse(row.at())))
                .toList());
    }

    /**
     * One call.
     *
     * @param at such as {@code 2026-05-04T10:20:30.123Z}
     * @param server where it was made; of a node {@code node:n7} for its agent's log, {@code keeper:n7} for its keeper's
     * @param number of the entry in that log
     * @param from host and port that it came from
     * @param ending such as {@code NOT_ENTITLED}
     * @param leftOut calls of the same caller before this one, of which nothing else is told
     */
    public record Row(
            String at,
            String server,
            long number,
            String who,
            String from,
            String method,
            String about,
            String ending,
            String why,
            long leftOut) {}
}
