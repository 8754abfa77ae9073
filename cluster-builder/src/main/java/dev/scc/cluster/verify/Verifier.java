package dev.scc.cluster.verify;

import dev.scc.cluster.Roster;
import dev.scc.fabric.verify.Pattern;
import java.util.Collection;
import java.util.Optional;

/** Verifications that run beside a controller's passes. */
public interface Verifier {

    /**
     * The result of this verification. It begins when it is first asked for; empty while it runs.
     *
     * @param session chosen by the caller; tells this verification from all others
     */
    Optional<VerificationResult> result(String session, Roster roster, Pattern pattern);

    /** Gives up and forgets all others. */
    void retain(Collection<String> sessions);
}
