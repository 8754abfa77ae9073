package dev.scc.cluster.agent;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.fabric.verify.ProbePlan;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import java.util.Optional;

/** The agent's own gRPC methods. */
public final class AgentRpc {
    static final String SERVICE = "scc.Agent";

    public static final RpcMethod<Ping, Pong> PING =
            RpcMethod.unary(SERVICE, "Ping", Access.FABRIC, Ping.class, Pong.class);

    /** Takes part in a verification; answers with each pair that this node is the active side of. */
    public static final RpcMethod<Verify, ProbeResult> VERIFY =
            RpcMethod.streaming(SERVICE, "Verify", Access.SERVERS, Verify.class, ProbeResult.class);

    private AgentRpc() {}

    /** Who is there? */
    public record Ping(String from) {}

    /** @param serving the cluster that the node serves */
    public record Pong(NodeName node, String version, Optional<ClusterName> serving) {}

    /** @param revision that the node has to have reached, else it refuses */
    public record Verify(ClusterName cluster, int revision, ProbePlan plan) {}
}
