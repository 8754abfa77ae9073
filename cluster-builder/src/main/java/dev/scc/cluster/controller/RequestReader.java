package dev.scc.cluster.controller;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the requests. The end of one is never changed, so it is read once. */
final class RequestReader {
    private static final Logger log = LoggerFactory.getLogger(RequestReader.class);

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
        Map<String, Entry> waiting = new TreeMap<>();
        List<Change> old = new ArrayList<>();
        for (String id : ids) {
            Entry request = entries.get(Paths.request(id));
            Entry outcome = entries.get(Paths.outcome(id));
            if (outcome != null) {
                learn(id, outcome);
            } else if (request != null) {
                waiting.put(id, request);
            }
            Ended over = ended.get(id);
            if (over != null && over.at().isBefore(now.minus(keep))) {
                old.add(new RequestChange.Forget(id, over.version()));
            }
        }
        return new RequestQueue(waiting, old);
    }

    private void learn(String id, Entry entry) {
        Outcome outcome;
        try {
            outcome = entry.read(Outcome.class);
        } catch (IllegalArgumentException e) {
            // It was taken up, and that is all that is known of it: it is not taken up again, and stays.
            ended.put(id, new Ended(Instant.MAX, entry.version()));
            log.atError()
                    .addKeyValue("path", Paths.outcome(id))
                    .addKeyValue("why", e.getMessage())
                    .log("outcome cannot be read");
            return;
        }
        switch (outcome) {
            case Outcome.InProgress _ -> {}
            case Outcome.Done _, Outcome.Failed _, Outcome.Refused _ ->
                ended.put(id, new Ended(Instant.ofEpochMilli(outcome.at()), entry.version()));
        }
    }
}
