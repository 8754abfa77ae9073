package dev.scc.job;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.job.node.NodeEvent;
import dev.scc.job.node.NodeOrder;

/** The methods of the agents' job service. */
public final class JobRpc {
    static final String SERVICE = "scc.Jobs";

    /** A client runs a job; its lead agent serves the call, and the job lives no longer than it. */
    public static final RpcMethod<Run, JobEvent> RUN = RpcMethod.streaming(SERVICE, "Run", Run.class, JobEvent.class);

    /** The lead agent has a part of a job carried out by a node; the part lives no longer than the call. */
    public static final RpcMethod<NodeOrder, NodeEvent> TAKE_PART =
            RpcMethod.bidirectional(SERVICE, "TakePart", NodeOrder.class, NodeEvent.class);

    /** The lead agent and a node assure each other that they live. */
    public static final RpcMethod<Beat, Beat> BEAT = RpcMethod.unary(SERVICE, "Beat", Beat.class, Beat.class);

    private JobRpc() {}

    /** @param roster of the cluster to run on; its first member leads the job */
    public record Run(Roster roster, JobSpec spec) {}

    /** A sign of life, and its answer. */
    public record Beat(JobId job) {}
}
