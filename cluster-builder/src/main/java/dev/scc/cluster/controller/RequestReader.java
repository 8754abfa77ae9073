package dev.scc.cluster.controller;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the requests. The end of one is never changed, so it is read once. */
final class RequestReader {
    private final Tree tree;
    /** Requests that are over, by their ids. */
    private final Map<String, Ended> ended = new HashMap<>();

    private record Ended(Instant at, int version) {}

    RequestReader(Tree tree) {
        this.tree = tree;
    }

    RequestQueue read(Instant now, Duration keep) throws ConnectionLost, InterruptedException {
        List<String> ids = tree.children(Paths.REQUESTS);
        ended.keySet().retainAll(ids);
        List<String> paths = new ArrayList<>();
        for (String id : ids) {
            if (!ended.containsKey(id)) {
                paths.add(Paths.request(id));
                paths.add(Paths.outcome(id));
            }
        }
        Map<String, Entry> entries = tree.get(paths);
        Map<String, String> waiting = new TreeMap<>();
        List<Change> old = new ArrayList<>();
        for (String id : ids) {
            Entry request = entries.get(Paths.request(id));
            Entry outcome = entries.get(Paths.outcome(id));
            if (outcome != null) {
                learn(id, outcome);
            } else if (request != null) {
                waiting.put(id, request.text());
            }
            Ended over = ended.get(id);
            if (over != null && over.at().isBefore(now.minus(keep))) {
                old.add(new RequestChange.Forget(id, over.version()));
            }
        }
        return new RequestQueue(waiting, old);
    }

    private void learn(String id, Entry entry) {
        Outcome outcome = Json.read(entry.text(), Outcome.class);
        switch (outcome) {
            case Outcome.InProgress _ -> {}
            case Outcome.Done _, Outcome.Failed _, Outcome.Refused _ ->
                ended.put(id, new Ended(Instant.ofEpochMilli(outcome.at()), entry.version()));
        }
    }
}
