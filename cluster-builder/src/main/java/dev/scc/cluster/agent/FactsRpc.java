package dev.scc.cluster.agent;

import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.fabric.doctor.NodeFacts;
import dev.scc.host.NodeName;

/** The gRPC method by which an agent is asked to observe its node. */
public final class FactsRpc {
    static final String SERVICE = "scc.Facts";

    public static final RpcMethod<Observe, Observed> OBSERVE =
            RpcMethod.unary(SERVICE, "Observe", Access.SERVERS, Observe.class, Observed.class);

    private FactsRpc() {}

    /** @param node that is meant */
    public record Observe(NodeName node) {}

    /** @param at when, by the node's clock, in milliseconds since 1970 */
    public record Observed(NodeFacts facts, long at) {}
}
