package dev.scc.cluster.front;

import dev.scc.cluster.trust.Principal;
import java.util.Optional;

/** What the tree holds of those who come in and are put out. */
final class TrustRecords {
    private TrustRecords() {}

    /**
     * A token that is not spent.
     *
     * @param address that whoever spends it has to come from; empty for any
     */
    record Invited(Principal principal, Optional<String> address, long endsMillis) {}
}
