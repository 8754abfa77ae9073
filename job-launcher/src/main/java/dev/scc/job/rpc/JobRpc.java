package dev.scc.job.rpc;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What an agent says about jobs: where its node's are kept, and what the node belongs to. */
public final class JobRpc {
    public static final String SERVICE = "scc.Jobs";

    /** How long an agent that answers may take for {@link #PLACE}: it may have to start the keeper first. */
    public static final Duration PLACING = Duration.ofSeconds(100);

    /** Where the node's keeper serves {@link dev.scc.job.rpc.KeeperRpc}. The agent starts one if there is none. */
    public static final RpcMethod<Ask, Place> PLACE =
            RpcMethod.unary(SERVICE, "Place", Access.JOBS, Ask.class, Place.class);

    /** The roster that the node serves. */
    public static final RpcMethod<Ask, Serves> SERVES =
            RpcMethod.unary(SERVICE, "Serves", Access.KEEPERS, Ask.class, Serves.class);

    /** Which nodes have left a cluster. */
    public static final RpcMethod<Members, Members> GONE =
            RpcMethod.unary(SERVICE, "Gone", Access.KEEPERS, Members.class, Members.class);

    private JobRpc() {}

    /** @param node whose agent the caller believes to be talking to */
    public record Ask(NodeName node) {}

    /** @param address host and port */
    public record Place(String address) {}

    /** @param roster empty while the node is free, builds or leaves */
    public record Serves(Optional<Roster> roster) {}

    /**
     * Nodes that were members of a cluster; in the answer, those of them that are not any more. Where the agent's node does
     * not serve that cluster, which may pass, that is none.
     */
    public record Members(NodeName asked, ClusterName cluster, List<NodeName> nodes) {
        public Members {
            nodes = List.copyOf(nodes);
        }
    }
}
