package dev.scc.cluster.agent;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.LoadPlan;
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

    /** Takes part in a load; answers with each flow that this node is the sender of. */
    public static final RpcMethod<PutLoad, FlowResult> LOAD =
            RpcMethod.streaming(SERVICE, "Load", Access.SERVERS, PutLoad.class, FlowResult.class);

    /** Tells a verification that runs on this node that it need not wait for a node any longer. */
    public static final RpcMethod<PassOver, PassedOver> PASS_OVER =
            RpcMethod.unary(SERVICE, "PassOver", Access.SERVERS, PassOver.class, PassedOver.class);

    private AgentRpc() {}

    /** Who is there? */
    public record Ping(String from) {}

    /** @param serving the cluster that the node serves */
    public record Pong(NodeName node, String version, Optional<ClusterName> serving) {}

    /** @param revision that the node has to have reached, else it refuses */
    public record Verify(ClusterName cluster, int revision, ProbePlan plan) {}

    /** @param revision that the node has to have reached, else it refuses */
    public record PutLoad(ClusterName cluster, int revision, LoadPlan plan) {}

    /**
     * Wait for it no longer!
     *
     * @param session of the verification
     * @param why as the results of its pairs are to give it
     */
    public record PassOver(String session, NodeName node, String why) {}

    /** @param known whether that verification runs on this node; it may not have begun there, or be over */
    public record PassedOver(boolean known) {}
}
