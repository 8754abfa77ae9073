package dev.scc.job;

import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.LeaveHook;
import dev.scc.cluster.agent.LeftoverService;
import dev.scc.cluster.agent.Served;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An agent's part in running jobs, as lead and as node. */
public final class JobAgent implements AgentProcess.Guest {
    private static final Logger log = LoggerFactory.getLogger(JobAgent.class);

    private final NodeName self;
    private final NodeJobs node;
    private final LeadJobs lead;

    /**
     * An agent's jobs.
     *
     * @param serving the cluster that this node belongs to now; jobs of others are refused
     */
    public JobAgent(NodeName self, NodeSettings node, LeadSettings lead, Supplier<Optional<Roster>> serving) {
        this.self = self;
        this.node = new NodeJobs(self, node, serving);
        this.lead = new LeadJobs(self, lead, node);
    }

    /** For {@link AgentProcess#start}. What jobs of an earlier agent have left on the node is ended first. */
    public static AgentProcess.GuestMaker guest(NodeName self, NodeSettings node, LeadSettings lead) {
        return served -> {
            JobAgent agent = new JobAgent(self, node, lead, () -> served.get().map(Served::roster));
            agent.sweepBeforeServing();
            return agent;
        };
    }

    private void sweepBeforeServing() {
        try {
            for (String left : sweep()) {
                log.atError().addKeyValue("left", left).log("a job of an earlier agent does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public List<ServerServiceDefinition> services() {
        return List.of(new RpcService(JobRpc.SERVICE)
                .streaming(JobRpc.RUN, (request, answers) -> {
                    // What this node serves, not what the client believes: that may be a revision behind.
                    Roster roster = node.requireServing(request.roster().cluster());
                    lead.run(new JobRpc.Run(roster, request.spec()), answers);
                })
                .bidirectional(JobRpc.TAKE_PART, node::serve)
                .unary(JobRpc.BEAT, beat -> {
                    node.beat(beat.job());
                    return beat;
                })
                .definition());
    }

    /** All jobs end before the node leaves its cluster; new ones are refused from then on. */
    @Override
    public List<LeaveHook> leaveHooks() {
        return List.of(cluster -> {
            List<JobId> stubborn = endAll("node " + self + " leaves cluster " + cluster);
            if (!stubborn.isEmpty()) {
                throw new LeaveHook.CannotLeave("jobs " + stubborn + " of " + cluster + " do not end on this node");
            }
        });
    }

    @Override
    public LeftoverService.Source leftovers() {
        return node::leftovers;
    }

    /** Ends what jobs of an earlier agent have left. Returns what could not be removed. */
    public List<String> sweep() throws InterruptedException {
        return node.sweep();
    }

    /** The jobs that have processes on this node, or may start some. */
    public List<JobId> running() {
        return node.running();
    }

    /**
     * Ends all jobs that have a part on this node; their lead agents then end them elsewhere. Returns those that did not
     * end here within some seconds.
     *
     * @param why as a sentence that names the node, for those who run the jobs
     */
    public List<JobId> endAll(String why) throws InterruptedException {
        return node.endAll(why);
    }
}
