package dev.scc.job;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.host.NodeName;
import dev.scc.job.lead.LeadJobs;
import dev.scc.job.lead.LeadSettings;
import dev.scc.job.node.NodeJobs;
import dev.scc.job.node.NodeSettings;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** An agent's part in running jobs, as lead and as node: a service for its gRPC server. */
public final class JobAgent {
    private final NodeJobs node;
    private final LeadJobs lead;

    /**
     * An agent's jobs.
     *
     * @param serving the cluster that this node belongs to now; jobs of others are refused
     */
    public JobAgent(NodeName self, NodeSettings node, LeadSettings lead, Supplier<Optional<Roster>> serving) {
        this.node = new NodeJobs(self, node, serving);
        this.lead = new LeadJobs(self, lead, node);
    }

    /** What the agent's server has to serve. */
    public ServerServiceDefinition service() {
        return new RpcService(JobRpc.SERVICE)
                .streaming(JobRpc.RUN, (request, answers) -> {
                    node.requireServing(request.roster().cluster());
                    lead.run(request, answers);
                })
                .bidirectional(JobRpc.TAKE_PART, node::serve)
                .unary(JobRpc.BEAT, beat -> {
                    node.beat(beat.job());
                    return beat;
                })
                .definition();
    }

    /** Before the service is served: ends what jobs of an earlier agent have left. Returns what could not be removed. */
    public List<String> sweep() throws InterruptedException {
        return node.sweep();
    }

    /** The jobs that have processes on this node, or may start some. */
    public List<JobId> running() {
        return node.running();
    }

    /**
     * Ends all jobs that have a part on this node, as before the node leaves its cluster; their lead agents then end them
     * elsewhere. Returns those that did not end here within some seconds.
     */
    public List<JobId> endAll() throws InterruptedException {
        return node.endAll();
    }
}
