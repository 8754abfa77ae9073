package dev.scc.cluster.agent;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.LoadPlan;
import dev.scc.fabric.verify.ProbePlan;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathOutcome;
import java.util.List;
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

    /** Probes the ways from this node to other members in their cluster's VPC. */
    public static final RpcMethod<ProbeVpc, VpcProbed> PROBE_VPC =
            RpcMethod.unary(SERVICE, "ProbeVpc", Access.SERVERS, ProbeVpc.class, VpcProbed.class);

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
     * Do you reach them?
     *
     * @param revision that the node has to have reached, else it refuses
     * @param self whom the asker takes it for
     * @param others members of that revision; each is pinged at the address that the node's own roster gives
     */
    public record ProbeVpc(ClusterName cluster, int revision, NodeName self, List<NodeName> others) {
        /** So many at a time. */
        public static final int MOST = 32;

        public ProbeVpc {
            others = List.copyOf(others);
        }
    }

    /** What came of it, in the order of the request. */
    public record VpcProbed(List<Reached> paths) {
        public VpcProbed {
            paths = List.copyOf(paths);
        }
    }

    /** One way. */
    public record Reached(NodeName other, PathOutcome outcome) {}

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
