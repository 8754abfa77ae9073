package dev.scc.cluster.view;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** Who has asked servers for what, the oldest first. */
public record AuditList(@JsonValue List<Row> entries) implements PoolView {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public AuditList {
        entries = List.copyOf(entries);
    }

    /**
     * One call.
     *
     * @param at such as {@code 2026-05-04T10:20:30.123Z}
     * @param server where it was made
     * @param number of the entry in that server's log
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
