package dev.scc.fabric.verify;

import dev.scc.host.NodeName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a verification says about a cluster.
 *
 * @param results one for each pair of the schedule, in its order; a pair that nobody reported was not tried, and counts as failed
 * @param suspects the fewest nodes and links that explain all failed pairs; empty if all passed
 */
public record Verdict(Pattern pattern, List<ProbeResult> results, List<Suspect> suspects) {
    public Verdict {
        results = List.copyOf(results);
        suspects = List.copyOf(suspects);
    }

    /**
     * Judges what the active sides reported. Reports of pairs that are not in the schedule are ignored; of two reports
     * of the same pair a failed one counts.
     *
     * @param members in roster order, as in the {@link ProbePlan}
     */
    public static Verdict of(List<NodeName> members, Pattern pattern, Collection<ProbeResult> reported) {
        Map<Pair, ProbeResult> results = new LinkedHashMap<>();
        for (Pair pair : Schedule.of(members, pattern).pairs()) {
            results.put(pair, ProbeResult.notTried(pair, "node " + pair.active() + " reported nothing"));
        }
        Map<Pair, ProbeResult> seen = new LinkedHashMap<>();
        for (ProbeResult result : reported) {
            seen.merge(new Pair(result.a(), result.b()), result, (one, other) -> one.ok() ? other : one);
        }
        results.replaceAll((pair, silent) -> seen.getOrDefault(pair, silent));
        return judged(pattern, List.copyOf(results.values()));
    }

    /** Judges a complete matrix: one result for each pair of the schedule. */
    public static Verdict judged(Pattern pattern, List<ProbeResult> results) {
        return new Verdict(pattern, results, Suspects.of(results));
    }

    public int pairs() {
        return results.size();
    }

    public int passed() {
        return (int) results.stream().filter(ProbeResult::ok).count();
    }

    public List<ProbeResult> failed() {
        return results.stream().filter(result -> !result.ok()).toList();
    }

    /** Every probed pair passed. A cluster of one node has no pairs; with pattern OFF nothing was probed. */
    public boolean ok() {
        return passed() == pairs();
    }
}
