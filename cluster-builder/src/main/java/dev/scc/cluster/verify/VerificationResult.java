package dev.scc.cluster.verify;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VerificationSummary;
import dev.scc.fabric.verify.Thresholds;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.NodeName;
import java.util.Optional;

/** How a verification ended. */
public sealed interface VerificationResult {

    /**
     * The probes were carried out, well or not.
     *
     * @param verdict on the fabric; nothing of it was probed if the pattern is OFF
     * @param vpc on the VPC
     */
    record Judged(Verdict verdict, VpcVerdict vpc, long millis) implements VerificationResult {
        /** Whether everything that was probed passed. */
        public boolean ok() {
            return verdict.ok() && vpc.ok();
        }

        /** The same without measurements. */
        public VerificationSummary summary() {
            return VerificationSummary.of(verdict, vpc.summary());
        }

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
                    Optional.empty(),
                    Optional.of(vpc.summary()));
        }
    }

    /**
     * Nothing is known about the fabric.
     *
     * @param node where verbs cannot be used
     */
    record CannotVerify(Optional<NodeName> node, String why) implements VerificationResult {}
}
