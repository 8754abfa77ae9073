package dev.scc.job.rpc;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.trust.Principal;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What an agent says about jobs: where its node's are kept, and what the node belongs to. */
public final class JobRpc {
    public static final String SERVICE = "scc.Jobs";

    /** How long an agent that answers may take for {@link #PLACE}: it may have to start the keeper first. */
    public static final Duration PLACING = Duration.ofSeconds(190);

    /**
     * Where the node's keeper serves {@link dev.scc.job.rpc.KeeperRpc}. The agent starts one if there is none. For keepers of
     * members, and for people with a permit for the cluster.
     */
    public static final RpcMethod<Ask, Place> PLACE =
            RpcMethod.unary(SERVICE, "Place", Access.JOBS, Ask.class, Place.class);

    /** The roster that the node serves; for its own keeper. */
    public static final RpcMethod<Own, Serves> SERVES =
            RpcMethod.unary(SERVICE, "Serves", Access.KEEPERS, Own.class, Serves.class);

    /** Who was put out, as far as the agent knows; for its own keeper. */
    public static final RpcMethod<Own, PutOut> PUT_OUT =
            RpcMethod.unary(SERVICE, "PutOut", Access.KEEPERS, Own.class, PutOut.class);

    /** Which nodes have left a cluster; for its own keeper. */
    public static final RpcMethod<Members, Members> GONE =
            RpcMethod.unary(SERVICE, "Gone", Access.KEEPERS, Members.class, Members.class);

    /** All jobs that the node leads and that are not over. */
    public static final RpcMethod<Led, Ask> LED = RpcMethod.unary(SERVICE, "Led", Access.KEEPERS, Led.class, Ask.class);

    private JobRpc() {}

    /**
     * Where is it?
     *
     * @param node whose agent the caller believes to be talking to
     * @param permit of a person who wants to run a job; empty for keepers, and where certificates do not count
     */
    public record Ask(NodeName node, Optional<String> permit) {}

    /** @param node whose agent the caller believes to be talking to, and whose keeper he is */
    public record Own(NodeName node) {}

    public record PutOut(List<Signed> all) {
        public PutOut {
            all = List.copyOf(all);
        }
    }

    /** @param signedBeforeMillis what was signed for him until then counts for nothing, in milliseconds since 1970 */
    public record Signed(Principal who, long signedBeforeMillis) {}

    /** @param address host and port */
    public record Place(String address) {}

    /** @param roster empty while the node is free, builds or leaves */
    public record Serves(Optional<Roster> roster) {}

    /** What a keeper tells its node's agent of. */
    public record Led(NodeName node, List<JobEntry> jobs) {
        public Led {
            jobs = List.copyOf(jobs);
        }
    }

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
