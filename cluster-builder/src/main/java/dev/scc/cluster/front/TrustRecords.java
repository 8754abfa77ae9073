package dev.scc.cluster.front;

import dev.scc.cluster.trust.JoinToken;
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
    record Invited(Principal principal, Optional<String> address, long endsMillis) {
        /**
         * Why it does not let somebody in, and what to do about it; empty if it does.
         *
         * @param from his host and port
         */
        Optional<String> refusal(Principal who, String from, long nowMillis) {
            if (!principal.equals(who)) {
                return Optional.of("the token is for " + principal + ", not for " + who + ": " + another(who));
            }
            if (nowMillis > endsMillis) {
                return Optional.of("the token has expired: " + another(who));
            }
            if (address.isPresent() && !from.startsWith(address.get() + ":")) {
                return Optional.of("the token is for somebody at another address than " + from + ": " + another(who));
            }
            return Optional.empty();
        }
    }

    /** By which command an administrator makes a new token for somebody. */
    static String another(Principal who) {
        return JoinToken.command(who) + " makes another";
    }
}
