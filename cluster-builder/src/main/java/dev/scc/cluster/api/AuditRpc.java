package dev.scc.cluster.api;

import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.view.TreeReport;
import dev.scc.host.Bounds;
import dev.scc.host.HostList;
import dev.scc.host.NodeName;
import java.util.List;

/** The methods of a server about its own audit log and those of nodes, and about the tree. */
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

    /** What agents and keepers on nodes have recorded, read through their agents. */
    public static final RpcMethod<OfNodes, NodeLogs> OF_NODES = RpcMethod.unary(
                    SERVICE, "OfNodes", Access.ADMINS, OfNodes.class, NodeLogs.class)
            .about(ask -> "audit logs of " + HostList.format(ask.nodes()));

    private AuditRpc() {}

    /**
     * What is asked of nodes' audit logs.
     *
     * @param nodes at most {@value #MOST_NODES}
     * @param most entries that are told of each log: the latest
     * @param whole whether each log is read to its beginning, and not only as far as entries are told
     * @param eachMillis how long each node may take
     */
    public record OfNodes(List<NodeName> nodes, int most, boolean whole, long eachMillis) {
        /** What one answer can be about. */
        public static final int MOST_NODES = 16;

        public OfNodes {
            nodes = List.copyOf(nodes);
            Bounds.within("nodes", nodes.size(), 1, MOST_NODES);
            Bounds.within("most", most, 0, Integer.MAX_VALUE);
            Bounds.within("eachMillis", eachMillis, 1, Integer.MAX_VALUE);
        }
    }

    /** @param unread nodes of which nothing was read */
    public record NodeLogs(List<NodeLog> logs, List<Unread> unread) {
        public NodeLogs {
            logs = List.copyOf(logs);
            unread = List.copyOf(unread);
        }
    }

    /**
     * What one log has. That entries are missing at its end does not show.
     *
     * @param whose {@code node:n7}, or {@code keeper:n7}
     * @param entries that were read
     * @param refused how many of them tell of callers who were not entitled
     * @param broken what is wrong with those that were read
     * @param rows the latest, the oldest first
     */
    public record NodeLog(String whose, long entries, long refused, List<String> broken, List<AuditList.Row> rows) {
        public NodeLog {
            broken = List.copyOf(broken);
            rows = List.copyOf(rows);
        }
    }

    /** A node of which nothing was read, and why. */
    public record Unread(NodeName node, String why) {}

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
