package dev.scc.job;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.AgentCall;
import dev.scc.cluster.rpc.AgentChannel;
import dev.scc.cluster.rpc.RpcFailed;
import java.time.Duration;
import java.util.Optional;

/** Runs jobs for a caller outside the cluster. */
public final class JobClient {
    private static final Duration CONNECTING = Duration.ofSeconds(20);

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
     * @param roster of the cluster; its first member's agent leads the job
     * @throws RpcFailed if that agent cannot be reached, hangs, or declines; or if it is lost, which ends the job
     * @throws InterruptedException if this thread is interrupted; the job is ended everywhere
     */
    public JobOutcome run(Roster roster, JobSpec spec, OutputSink sink) throws RpcFailed, InterruptedException {
        LinePrefixer prefixer = new LinePrefixer(sink::output);
        try (AgentChannel channel = new AgentChannel(roster.members().getFirst().agent())) {
            channel.connect(connecting);
            try (AgentCall<JobRpc.Run, JobEvent> call = channel.open(JobRpc.RUN, Optional.empty())) {
                call.send(new JobRpc.Run(roster, spec));
                call.sendNoMore();
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
            }
        }
        throw new RpcFailed(
                RpcFailed.Kind.FAILED,
                "agent at " + roster.members().getFirst().agent() + " did not say how the job ended");
    }
}
