package dev.scc.job;

import dev.scc.cluster.rpc.AgentServer;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** Stands at the addresses of nodes that cannot run jobs, and says so. */
public final class NoJobs {
    private NoJobs() {}

    /**
     * Listens.
     *
     * @param why what every caller is told
     * @throws IOException if the address cannot be bound
     */
    public static AgentServer refuse(InetSocketAddress address, String why) throws IOException {
        return AgentServer.start(
                address,
                List.of(new RpcService(JobRpc.SERVICE)
                        .streaming(JobRpc.RUN, (request, answers) -> {
                            throw new RpcFailed(RpcFailed.Kind.REFUSED, why);
                        })
                        .definition()));
    }
}
