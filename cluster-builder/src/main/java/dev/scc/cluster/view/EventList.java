package dev.scc.cluster.view;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.scc.cluster.Event;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What happened in the pool, the oldest first. */
public record EventList(@JsonValue List<Row> events) implements PoolView {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public EventList {
        events = List.copyOf(events);
    }

    /**
     * One event.
     *
     * @param at such as {@code 2026-05-04T10:20:30Z}
     * @param epoch of the controller that led then
     * @param kind of what it happened to
     */
    public record Row(String at, long epoch, Event.Kind kind, String name, String what) {
        public static Row of(Event event) {
            return new Row(
                    Instant.ofEpochMilli(event.at())
                            .truncatedTo(ChronoUnit.MILLIS)
                            .toString(),
                    event.epoch(),
                    event.kind(),
                    event.name(),
                    event.what());
        }
    }
}
