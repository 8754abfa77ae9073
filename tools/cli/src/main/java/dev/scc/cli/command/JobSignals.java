package dev.scc.cli.command;

import dev.scc.cluster.Member;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.libc.LibcFailed;
import dev.scc.host.libc.OwnSignals;
import dev.scc.host.libc.ProcessDescriptor;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.RankSignal;
import dev.scc.job.client.ForwardingSink;
import dev.scc.job.client.JobClient;
import dev.scc.job.client.OutputSink;
import java.util.Optional;

/**
 * Hands signals that this command gets on to the ranks of its job, once there is one: SIGUSR1 and SIGUSR2 as they are, SIGTSTP
 * (Ctrl-Z) as SIGSTOP, after which this command stops, too, and SIGCONT. With a grace period the first SIGINT, SIGTERM or
 * SIGHUP has the job ended, and this command sees it through; the next one is as without.
 */
final class JobSignals implements AutoCloseable {
    private final Session session;
    private final JobClient client;
    private final Member lead;
    private final Optional<String> permit;
    private final boolean grace;
    private final OwnSignals signals = new OwnSignals();
    private final OwnSignals ends = new OwnSignals();

    /** @param grace whether the job gives its ranks time to end */
    JobSignals(Session session, JobClient client, Member lead, Optional<String> permit, boolean grace) {
        this.session = session;
        this.client = client;
        this.lead = lead;
        this.permit = permit;
        this.grace = grace;
    }

    /** What else is to hear of the job. */
    OutputSink before(OutputSink sink) {
        return new ForwardingSink(sink) {
            @Override
            public void started(JobEvent.Started started) {
                begin(started.job());
                super.started(started);
            }
        };
    }

    private void begin(JobId job) {
        signals.on("USR1", _ -> send(job, RankSignal.USR1));
        signals.on("USR2", _ -> send(job, RankSignal.USR2));
        signals.on("CONT", _ -> send(job, RankSignal.CONT));
        signals.on("TSTP", _ -> {
            send(job, RankSignal.STOP);
            stop();
        });
        if (grace) {
            for (String name : new String[] {"INT", "TERM", "HUP"}) {
                ends.on(name, _ -> end(job));
            }
        }
    }

    private void send(JobId job, RankSignal signal) {
        tell(signal + " did not reach the job", () -> client.signal(lead, permit, job, signal));
    }

    private void end(JobId job) {
        ends.close();
        tell("the job was not told to end", () -> client.cancel(lead, permit, job));
    }

    /** Something to say to the job's lead. */
    @FunctionalInterface
    private interface Saying {
        Object say() throws RpcFailed, InterruptedException;
    }

    private void tell(String otherwise, Saying saying) {
        try {
            Object _ = saying.say();
        } catch (RpcFailed e) {
            session.printer().remark(otherwise + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() {
        try (ProcessDescriptor self =
                ProcessDescriptor.open(ProcessHandle.current().pid())) {
            self.send(RankSignal.STOP.number());
        } catch (LibcFailed e) {
            session.printer().remark("this command goes on: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        ends.close();
        signals.close();
    }
}
