package dev.scc.cluster;

import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.Suspect;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Verdicts on a fabric and a VPC without their measurements.
 *
 * @param pattern in lower case, as on the command line
 * @param pairs of the fabric, how many were probed
 * @param vpc what probes in the VPC showed; empty if an older server has probed nothing there
 */
public record VerificationSummary(
        String pattern,
        int pairs,
        int passed,
        List<FailedPair> failed,
        List<String> suspects,
        @Later Optional<VpcSummary> vpc) {
    /** More than these are only counted: a cluster's record must stay small. */
    private static final int FAILED_SHOWN = 100;

    /** Of a cluster that has not been verified. */
    public static final VerificationSummary NONE =
            new VerificationSummary(name(Pattern.OFF), 0, 0, List.of(), List.of(), Optional.empty());

    public VerificationSummary {
        failed = List.copyOf(failed);
        suspects = List.copyOf(suspects);
    }

    /** A pair that did not pass, and why. */
    public record FailedPair(NodeName a, NodeName b, String why) {}

    public static VerificationSummary of(Verdict verdict, VpcSummary vpc) {
        return new VerificationSummary(
                name(verdict.pattern()),
                verdict.pairs(),
                verdict.passed(),
                verdict.failed().stream()
                        .limit(FAILED_SHOWN)
                        .map(result -> new FailedPair(result.a(), result.b(), result.why()))
                        .toList(),
                verdict.suspects().stream().map(VerificationSummary::words).toList(),
                Optional.of(vpc));
    }

    /** Those that did not pass, in the fabric or in the VPC. */
    public List<FailedPair> allFailed() {
        return Stream.concat(failed.stream(), vpc.stream().flatMap(paths -> paths.failed().stream()))
                .toList();
    }

    /** Such as {@code node n2: why}. */
    public static String words(Suspect suspect) {
        String who = suspect.nodes().stream().map(NodeName::value).collect(Collectors.joining(" - "));
        return switch (suspect.kind()) {
            case NODE -> "node " + who + ": " + suspect.why();
            case LINK -> "link of " + who + ": " + suspect.why();
            case PAIR -> "pair " + who + ": " + suspect.why();
            case UNCLEAR -> who + ": " + suspect.why();
            case FABRIC -> "fabric: " + suspect.why();
        };
    }

    private static String name(Pattern pattern) {
        return pattern.name().toLowerCase(Locale.ROOT);
    }
}
