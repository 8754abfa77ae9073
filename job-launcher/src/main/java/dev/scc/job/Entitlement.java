package dev.scc.job;

import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.rpc.RpcFailed;

/** Decides whose rights a caller's job gets. */
@FunctionalInterface
public interface Entitlement {

    /** While callers have no identities, everybody is an administrator without an account. */
    Entitlement EVERYBODY_IS_ADMINISTRATOR = (_, asRoot) -> asRoot ? new RunAs.Root() : new RunAs.Unmapped();

    /**
     * Whose rights it gets.
     *
     * @param asRoot whether the caller asks for those of root
     * @throws RpcFailed if the caller may not run jobs, or not like that
     */
    RunAs runAs(Caller caller, boolean asRoot) throws RpcFailed;
}
