package dev.scc.cli.daemon;

import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.LeaveHook;
import dev.scc.cluster.agent.Served;
import dev.scc.host.NodeName;
import dev.scc.job.JobAgent;
import dev.scc.job.JobId;
import dev.scc.job.lead.LeadSettings;
import dev.scc.job.node.NodeSettings;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job launcher's part of an agent: its service, and the end of all jobs before a cluster is left. */
final class NodeJobsGuest implements AgentProcess.Guest {
    private static final Logger log = LoggerFactory.getLogger(NodeJobsGuest.class);

    private final JobAgent jobs;

    private NodeJobsGuest(JobAgent jobs) {
        this.jobs = jobs;
    }

    /** Ends what jobs of an earlier agent have left, and serves. */
    static NodeJobsGuest start(NodeName node, Supplier<Optional<Served>> served) {
        try {
            JobAgent jobs = new JobAgent(
                    node,
                    NodeSettings.installed(),
                    LeadSettings.DEFAULT,
                    () -> served.get().map(Served::roster));
            List<String> left = jobs.sweep();
            if (!left.isEmpty()) {
                log.atWarn().addKeyValue("node", node).addKeyValue("left", left).log("jobs of an earlier agent remain");
            }
            return new NodeJobsGuest(jobs);
        } catch (IOException e) {
            throw new UncheckedIOException("node " + node + " cannot run jobs", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("told to stop while starting", e);
        }
    }

    @Override
    public List<ServerServiceDefinition> services() {
        return List.of(jobs.service());
    }

    @Override
    public List<LeaveHook> leaveHooks() {
        return List.of(cluster -> {
            List<JobId> still = jobs.endAll();
            if (!still.isEmpty()) {
                throw new LeaveHook.CannotLeave("jobs that do not end: " + still);
            }
        });
    }
}
