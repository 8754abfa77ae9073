package dev.scc.cluster.verify;

import dev.scc.fabric.verify.Verdict;
import dev.scc.host.NodeName;
import java.util.Optional;

/** How a verification ended. */
public sealed interface VerificationResult {

    /** The probes were carried out, well or not. */
    record Judged(Verdict verdict, long millis) implements VerificationResult {}

    /**
     * Nothing is known about the fabric.
     *
     * @param node where verbs cannot be used
     */
    record CannotVerify(Optional<NodeName> node, String why) implements VerificationResult {}
}
