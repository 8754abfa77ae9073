package dev.scc.job;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.AgentCall;
import dev.scc.cluster.rpc.AgentChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.job.keeper.KeeperRpc;
import java.time.Duration;
import java.util.Optional;

/** Runs jobs for a caller outside the cluster. */
public final class JobClient {
    private static final Duration CONNECTING = Duration.ofSeconds(20);
    /** A node may have to start its keeper first. */
    private static final Duration STARTING = Duration.ofSeconds(100);

    private final Duration connecting;

    public JobClient() {
        this(CONNECTING);
    }

    /** @param connecting how long the lead agent may take to say its first word */
    JobClient(Duration connecting) {
        this.connecting = connecting;
    }

    /**
     * Runs a job to its end.
     *
     * @param roster of the cluster; its first member leads the job
     * @throws RpcFailed if that node's agent or its keeper of jobs cannot be reached, hangs, or declines; or if the keeper is
     *     lost, which ends the job
     * @throws InterruptedException if this thread is interrupted; the job is ended everywhere
     */
    public JobOutcome run(Roster roster, JobSpec spec, OutputSink sink) throws RpcFailed, InterruptedException {
        Member lead = roster.members().getFirst();
        try (AgentChannel channel = new AgentChannel(keeper(lead))) {
            channel.connect(connecting);
            try (AgentCall<KeeperRpc.Run, JobEvent> call = channel.open(KeeperRpc.RUN, Optional.empty())) {
                call.send(new KeeperRpc.Run(roster, spec));
                call.sendNoMore();
                return follow(call, spec, sink);
            }
        }
    }

    private String keeper(Member lead) throws RpcFailed, InterruptedException {
        try (AgentChannel agent = new AgentChannel(lead.agent())) {
            agent.connect(connecting);
            return agent.call(JobRpc.PLACE, new JobRpc.Ask(lead.node()), STARTING)
                    .address();
        }
    }

    private static JobOutcome follow(AgentCall<KeeperRpc.Run, JobEvent> call, JobSpec spec, OutputSink sink)
            throws RpcFailed, InterruptedException {
        LinePrefixer prefixer = new LinePrefixer(sink::output);
        for (Optional<JobEvent> event = call.next(); event.isPresent(); event = call.next()) {
            switch (event.get()) {
                case JobEvent.Started started -> sink.started(started);
                case JobEvent.Output output -> {
                    if (spec.prefix() && output.rank().isPresent()) {
                        prefixer.take(output);
                    } else {
                        sink.output(output.errors(), output.bytes().toArray());
                    }
                }
                case JobEvent.Ended ended -> {
                    prefixer.flush();
                    return ended.outcome();
                }
            }
        }
        throw new RpcFailed(RpcFailed.Kind.FAILED, "the lead node did not say how the job ended");
    }
}
