package dev.scc.cluster.verify;

import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Of which nodes of a running verification so much is known that the rest of it need not wait for them: they failed with several
 * partners that are well with others, and passed with none. What one other node says is not enough. Not thread-safe.
 */
final class Doubts {
    /** With so many partners. */
    static final int ENOUGH = 3;

    private final Map<NodeName, TreeSet<NodeName>> failed = new HashMap<>();
    private final Set<NodeName> passed = new HashSet<>();
    private final Set<NodeName> told = new HashSet<>();

    /** Returns the nodes of which enough is known now and was not before, each with the reason. */
    Map<NodeName, String> after(ProbeResult result) {
        switch (result.outcome()) {
            case ProbeOutcome.Passed _ -> {
                passed.add(result.a());
                passed.add(result.b());
            }
            case ProbeOutcome.Failed _ -> {
                failed.computeIfAbsent(result.a(), _ -> new TreeSet<>()).add(result.b());
                failed.computeIfAbsent(result.b(), _ -> new TreeSet<>()).add(result.a());
            }
            case ProbeOutcome.NotTried _ -> {}
        }
        Map<NodeName, String> known = new HashMap<>();
        failed.forEach((node, partners) -> {
            if (partners.size() >= ENOUGH && !told.contains(node) && !passed.contains(node)) {
                wellWithOthers(partners)
                        .ifPresent(names -> known.put(
                                node, "not tried: " + node + " failed with " + names + ", and passed with nobody"));
            }
        });
        told.addAll(known.keySet());
        return known;
    }

    private Optional<String> wellWithOthers(Set<NodeName> partners) {
        Set<NodeName> well = partners.stream().filter(passed::contains).collect(Collectors.toCollection(TreeSet::new));
        return well.size() >= ENOUGH
                ? Optional.of(well.stream().map(NodeName::value).collect(Collectors.joining(", ")))
                : Optional.empty();
    }
}
