package dev.scc.cluster.agent;

import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.host.NodeName;
import java.util.List;

/** The gRPC method by which an agent is asked to look for what is left on its node. */
public final class LeftoverRpc {
    static final String SERVICE = "scc.Leftovers";

    public static final RpcMethod<Look, Looked> LOOK =
            RpcMethod.unary(SERVICE, "Look", Access.SERVERS, Look.class, Looked.class);

    private LeftoverRpc() {}

    /**
     * Look!
     *
     * @param node that is meant: one process may answer for many
     * @param remove whether what is found is removed, too
     */
    public record Look(NodeName node, boolean remove) {}

    /** What was found, and if it was to be removed, what of it could not be. */
    public record Looked(NodeName node, List<NodeLeftover> found) {
        public Looked {
            found = List.copyOf(found);
        }
    }
}
