package dev.scc.job.agent;

import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.job.rpc.JobRpc;
import io.grpc.ServerServiceDefinition;

/** Stands in the place of what runs jobs, on nodes that cannot, and says so. */
public final class NoJobs {
    private NoJobs() {}

    /** @param why what every caller is told */
    public static ServerServiceDefinition refuse(String why) {
        return new RpcService(JobRpc.SERVICE)
                .unary(JobRpc.PLACE, (_, _) -> {
                    throw new RpcFailed(RpcFailed.Kind.REFUSED, why);
                })
                .definition();
    }
}
