package dev.scc.cluster.agent;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.fabric.mesh.MeshPeer;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;

/** The gRPC method by which an agent is asked what its probes of the mesh have come to. */
public final class MeshRpc {
    static final String SERVICE = "scc.Mesh";

    public static final RpcMethod<Read, Series> READ =
            RpcMethod.unary(SERVICE, "Read", Access.SERVERS, Read.class, Series.class);

    private MeshRpc() {}

    /**
     * @param node that is meant
     * @param most of the latest probes of each member, one by one; 0 or more
     */
    public record Read(NodeName node, int most) {}

    /**
     * @param packetsPerSecond the node's budget; 0 if it takes no part in meshes
     * @param cluster whose members it probes; empty if it serves none
     * @param problem why it cannot at the moment; empty if it can, or has nothing to do
     * @param peers in the order of the roster
     */
    public record Series(
            int packetsPerSecond, Optional<ClusterName> cluster, Optional<String> problem, List<MeshPeer> peers) {
        public Series {
            peers = List.copyOf(peers);
        }
    }
}
