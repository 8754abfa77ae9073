package dev.scc.cluster.controller;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Request;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The requests of clients: which wait to be taken up, and which are over for so long that nobody will ask any more.
 *
 * @param waiting ids of those without an outcome, with their text
 * @param old what removes those that are over
 */
record Requests(Map<String, String> waiting, List<Op> old) {
    Requests {
        waiting = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(waiting));
        old = List.copyOf(old);
    }

    static Requests read(Tree tree, Instant now, Duration keep) throws ConnectionLost, InterruptedException {
        List<String> ids = tree.children(Paths.REQUESTS);
        List<String> paths = new ArrayList<>();
        for (String id : ids) {
            paths.add(Paths.request(id));
            paths.add(Paths.outcome(id));
        }
        Map<String, Entry> entries = tree.get(paths);
        Map<String, String> waiting = new java.util.TreeMap<>();
        List<Op> old = new ArrayList<>();
        for (String id : ids) {
            Entry request = entries.get(Paths.request(id));
            Entry outcome = entries.get(Paths.outcome(id));
            if (request != null && outcome == null) {
                waiting.put(id, request.text());
            } else if (outcome != null && over(Json.read(outcome.text(), Outcome.class), now.minus(keep))) {
                old.add(new Op.Delete(Paths.outcome(id), outcome.version()));
                old.add(new Op.Delete(Paths.request(id), Op.ANY));
            }
        }
        return new Requests(waiting, old);
    }

    private static boolean over(Outcome outcome, Instant before) {
        return switch (outcome) {
            case Outcome.InProgress _ -> false;
            case Outcome.Done _, Outcome.Failed _, Outcome.Refused _ ->
                Instant.ofEpochMilli(outcome.at()).isBefore(before);
        };
    }

    /** @throws IllegalArgumentException if it cannot be understood */
    static Request parse(String text) {
        return Json.read(text, Request.class);
    }
}
