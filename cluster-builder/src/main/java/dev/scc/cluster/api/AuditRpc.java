package dev.scc.cluster.api;

import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.view.TreeReport;
import java.util.List;

/** The methods of a server about its own audit log, and about the tree. */
public final class AuditRpc {
    public static final String SERVICE = "scc.Audit";

    /** The latest entries since this server has started. */
    public static final RpcMethod<ServerRpc.Nothing, AuditList> RECENT =
            RpcMethod.unary(SERVICE, "Recent", Access.ADMINS, ServerRpc.Nothing.class, AuditList.class);

    /** Whether this server's log is as it was written. */
    public static final RpcMethod<ServerRpc.Nothing, Verified> VERIFY =
            RpcMethod.unary(SERVICE, "Verify", Access.ADMINS, ServerRpc.Nothing.class, Verified.class);

    /** How the tree differs from the table of who writes what. Whichever server is asked, it is the same tree. */
    public static final RpcMethod<ServerRpc.Nothing, TreeReport> TREE =
            RpcMethod.unary(SERVICE, "Tree", Access.ADMINS, ServerRpc.Nothing.class, TreeReport.class);

    private AuditRpc() {}

    /**
     * What was found.
     *
     * @param server by which the tree knows this one
     * @param entries that it keeps
     * @param refused how many of them tell of callers who were not entitled
     * @param broken what is wrong, and where
     * @param known all servers of whose logs the tree knows
     */
    public record Verified(String server, long entries, long refused, List<String> broken, List<String> known) {
        public Verified {
            broken = List.copyOf(broken);
            known = List.copyOf(known);
        }
    }
}
