package dev.scc.cluster.rpc;

import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import java.util.Optional;

/**
 * Who makes a call, as far as the connection shows it.
 *
 * @param principal whom his certificate names; empty if he has none
 * @param address host and port that the call came from; for logs, not for decisions
 * @param guarded whether the connection is one on which certificates count; on others everybody may do everything
 */
public record Caller(Optional<Principal> principal, String address, boolean guarded) {
    /** For logs and records: {@code admin:ada}. */
    public String name() {
        return principal.map(Principal::toString).orElse(RequestRecord.UNPROVEN);
    }

    /** Whether he is one of those, or certificates do not count here. */
    public boolean isOneOf(Access access) {
        return !guarded
                || access == Access.ANYBODY
                || principal.filter(who -> access.admits(who.role())).isPresent();
    }

    /** Whether he has that role, or certificates do not count here. */
    public boolean is(Role role) {
        return !guarded || principal.filter(who -> who.role() == role).isPresent();
    }
}
