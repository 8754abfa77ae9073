package dev.scc.cluster.controller;

import dev.scc.cluster.change.Change;
import dev.scc.cluster.tree.Entry;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The requests of clients: which wait to be taken up, and which are over for so long that nobody will ask any more.
 *
 * @param waiting ids of those without an outcome
 * @param old what removes those that are over
 */
record RequestQueue(Map<String, Entry> waiting, List<Change> old) {
    RequestQueue {
        waiting = Collections.unmodifiableMap(new TreeMap<>(waiting));
        old = List.copyOf(old);
    }
}
