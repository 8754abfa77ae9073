package dev.scc.job;

import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.trust.Role;

/** Decides whose rights a caller's job gets. */
@FunctionalInterface
public interface Entitlement {

    /** Root's are for administrators. Nobody has an account of his own yet. */
    Entitlement BY_ROLE = (caller, asRoot) -> {
        if (asRoot && !caller.is(Role.ADMIN)) {
            throw new RpcFailed(
                    RpcFailed.Kind.NOT_ENTITLED, caller.name() + " may not run jobs as root: that is for admins");
        }
        return asRoot ? new RunAs.Root() : new RunAs.Unmapped();
    };

    /**
     * Whose rights it gets.
     *
     * @param asRoot whether the caller asks for those of root
     * @throws RpcFailed if the caller may not run jobs, or not like that
     */
    RunAs runAs(Caller caller, boolean asRoot) throws RpcFailed;
}
