package dev.scc.simulation;

import java.util.Map;
import java.util.TreeMap;

/** What has been exercised. */
final class Tally {
    long seeds;
    long events;
    long passes;
    long conflicts;
    long transactions;
    long simulatedNanos;
    final Map<String, Long> faults = new TreeMap<>();
    final Map<String, Long> requests = new TreeMap<>();
    final Map<String, Long> phases = new TreeMap<>();
    final Map<String, Long> refusals = new TreeMap<>();
    final Map<String, Long> ends = new TreeMap<>();

    void fault(String kind) {
        faults.merge(kind, 1L, Long::sum);
    }

    void add(Tally other) {
        seeds += other.seeds;
        events += other.events;
        passes += other.passes;
        conflicts += other.conflicts;
        transactions += other.transactions;
        simulatedNanos += other.simulatedNanos;
        merge(faults, other.faults);
        merge(requests, other.requests);
        merge(phases, other.phases);
        merge(refusals, other.refusals);
        merge(ends, other.ends);
    }

    private static void merge(Map<String, Long> into, Map<String, Long> from) {
        from.forEach((what, count) -> into.merge(what, count, Long::sum));
    }
}
