package dev.scc.job.keeper;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.Serving;
import dev.scc.job.rpc.JobRpc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks the node's agent, each time over a new connection: the agent may have ended and come back, and gRPC waits for longer
 * each time before it tries a connection again that has failed.
 */
public final class AgentServing implements Serving {
    /** An emulated node under load takes seconds. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final NodeName node;
    private final String agent;
    private final Connections connections;

    /** @param agent host and port */
    public AgentServing(NodeName node, String agent, Connections connections) {
        this.connections = connections;
        this.node = node;
        this.agent = agent;
    }

    @Override
    public Optional<Roster> roster() throws RpcFailed, InterruptedException {
        try (RpcChannel channel = connections.to(Peer.agent(node, agent))) {
            return channel.call(JobRpc.SERVES, new JobRpc.Own(node), ANSWER).roster();
        }
    }

    @Override
    public List<NodeName> gone(ClusterName cluster, List<NodeName> nodes) throws RpcFailed, InterruptedException {
        try (RpcChannel channel = connections.to(Peer.agent(node, agent))) {
            return channel.call(JobRpc.GONE, new JobRpc.Members(node, cluster, nodes), ANSWER)
                    .nodes();
        }
    }

    @Override
    public void tell(List<JobEntry> jobs) throws RpcFailed, InterruptedException {
        try (RpcChannel channel = connections.to(Peer.agent(node, agent))) {
            channel.call(JobRpc.LED, new JobRpc.Led(node, jobs), ANSWER);
        }
    }
}
