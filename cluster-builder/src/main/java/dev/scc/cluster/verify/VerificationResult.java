package dev.scc.cluster.verify;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.fabric.verify.Thresholds;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.NodeName;
import java.util.Optional;

/** How a verification ended. */
public sealed interface VerificationResult {

    /** The probes were carried out, well or not. */
    record Judged(Verdict verdict, long millis) implements VerificationResult {
        /**
         * What is kept of it.
         *
         * @param at when it ended, in milliseconds since 1970
         */
        public KeptVerification kept(Roster roster, long at) {
            return new KeptVerification(
                    roster.cluster(),
                    roster.revision(),
                    at,
                    verdict.pattern(),
                    verdict.results(),
                    Thresholds.of(
                            roster.members().stream().map(Member::rdmaDevice).toList()),
                    millis,
                    Optional.empty());
        }
    }

    /**
     * Nothing is known about the fabric.
     *
     * @param node where verbs cannot be used
     */
    record CannotVerify(Optional<NodeName> node, String why) implements VerificationResult {}
}
