package dev.scc.cluster.api;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.scc.cluster.view.EventList;

/** Something that a server tells whoever reads events. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
public sealed interface EventSaid {
    /**
     * An event.
     *
     * @param key sorts events in the order in which they happened; the next call goes on after it, at any server
     */
    @JsonTypeName("Happened")
    record Happened(String key, EventList.Row event) implements EventSaid {}

    /** All that had happened before the call has been told; what follows is new. */
    @JsonTypeName("UpToDate")
    record UpToDate() implements EventSaid {}

    /** The server is alive, and nothing is new. */
    @JsonTypeName("Beat")
    record Beat() implements EventSaid {}
}
