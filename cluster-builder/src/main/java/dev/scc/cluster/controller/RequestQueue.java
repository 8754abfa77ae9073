package dev.scc.cluster.controller;

import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.change.Change;
import dev.scc.host.Json;
import java.util.List;
import java.util.Map;

/**
 * The requests of clients: which wait to be taken up, and which are over for so long that nobody will ask any more.
 *
 * @param waiting ids of those without an outcome, with their text
 * @param old what removes those that are over
 */
record RequestQueue(Map<String, String> waiting, List<Change> old) {
    RequestQueue {
        waiting = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(waiting));
        old = List.copyOf(old);
    }

    /** @throws IllegalArgumentException if it cannot be understood */
    static RequestRecord parse(String text) {
        return Json.read(text, RequestRecord.class);
    }
}
