package dev.scc.cluster.agent;

import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.host.NodeName;
import dev.scc.host.net.FilterCounts;
import java.util.List;
import java.util.Map;

/** The gRPC method by which an agent is asked what filters on its node have counted and dropped. */
public final class DropsRpc {
    static final String SERVICE = "scc.Drops";

    public static final RpcMethod<Count, Counted> COUNT =
            RpcMethod.unary(SERVICE, "Count", Access.SERVERS, Count.class, Counted.class);

    private DropsRpc() {}

    /**
     * @param node that is meant
     * @param tables of nftables, by name
     */
    public record Count(NodeName node, List<String> tables) {
        public Count {
            tables = List.copyOf(tables);
        }
    }

    /**
     * @param tables those that are there, by name
     * @param at when, by the node's clock, in milliseconds since 1970
     */
    public record Counted(Map<String, FilterCounts> tables, long at) {
        public Counted {
            tables = Map.copyOf(tables);
        }

        /** What the table of that name has; nothing if it is not there. */
        public FilterCounts of(String table) {
            return tables.getOrDefault(table, FilterCounts.NONE);
        }
    }
}
