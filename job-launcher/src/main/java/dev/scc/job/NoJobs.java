package dev.scc.job;

import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import io.grpc.ServerServiceDefinition;

/** The job service of nodes that cannot run any: it says so. */
public final class NoJobs {
    private NoJobs() {}

    /** @param why what every caller is told */
    public static ServerServiceDefinition refusing(String why) {
        return new RpcService(JobRpc.SERVICE)
                .streaming(JobRpc.RUN, (request, answers) -> {
                    throw new RpcFailed(RpcFailed.Kind.REFUSED, why);
                })
                .definition();
    }
}
