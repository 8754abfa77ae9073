package dev.scc.cli.view;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** What happened in the pool, the oldest first. */
public record EventList(@JsonValue List<Row> events) implements View {
    public EventList {
        events = List.copyOf(events);
    }

    /**
     * One event.
     *
     * @param at such as {@code 2026-05-04T10:20:30Z}
     * @param epoch of the controller that led then
     * @param kind {@code cluster}, {@code node} or {@code server}
     */
    public record Row(String at, long epoch, String kind, String name, String what) {}
}
