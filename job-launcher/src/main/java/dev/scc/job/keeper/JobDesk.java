package dev.scc.job.keeper;

import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobRecord;
import dev.scc.job.history.JobHistory;
import dev.scc.job.history.OutputLog;
import dev.scc.job.lead.LeadJobs;
import dev.scc.job.lead.LedJob;
import dev.scc.job.rpc.KeeperRpc;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Answers those who ask for jobs that a node leads or has led. A user sees and ends his
 * own, operators and admins all.
 */
final class JobDesk {
    private final NodeName self;
    private final LeadJobs lead;
    private final JobHistory history;

    JobDesk(NodeName self, LeadJobs lead, JobHistory history) {
        this.self = self;
        this.lead = lead;
        this.history = history;
    }

    KeeperRpc.Jobs jobs(Caller caller, KeeperRpc.AskJobs ask) throws RpcFailed {
        if (ask.job().isPresent()) {
            return new KeeperRpc.Jobs(List.of(seen(caller, ask.job().get())));
        }
        return new KeeperRpc.Jobs(
                history.all().stream().filter(job -> sees(caller, job)).toList());
    }

    KeeperRpc.Jobs cancel(Caller caller, JobId id) throws RpcFailed {
        JobRecord job = seen(caller, id);
        lead.living(id).ifPresent(led -> led.cancel("cancelled by " + caller.name()));
        return new KeeperRpc.Jobs(List.of(lead.living(id).map(LedJob::record).orElse(job)));
    }

    KeeperRpc.Jobs signal(Caller caller, KeeperRpc.Signalled ask) throws RpcFailed, InterruptedException {
        JobRecord job = seen(caller, ask.job());
        Optional<LedJob> led = lead.living(ask.job());
        if (led.isEmpty() || !led.get().signal(ask.signal())) {
            throw new RpcFailed(
                    RpcFailed.Kind.REFUSED,
                    "job " + ask.job() + " is "
                            + led.map(LedJob::record).orElse(job).state().word()
                            + ", so that no rank of it gets " + ask.signal());
        }
        return new KeeperRpc.Jobs(List.of(led.get().record()));
    }

    void follow(Caller caller, KeeperRpc.Follow ask, Answers<KeeperRpc.Followed> answers)
            throws RpcFailed, InterruptedException {
        JobRecord job = seen(caller, ask.job());
        long skipped = 0;
        Optional<OutputLog> output = history.output(ask.job());
        if (output.isPresent()) {
            try (OutputLog.Reader reader = output.get().read(ask.output() != KeeperRpc.Which.ALL)) {
                for (Optional<JobEvent.Output> next = reader.next(ask.toTheEnd());
                        next.isPresent();
                        next = reader.next(ask.toTheEnd())) {
                    if (ask.output() != KeeperRpc.Which.NONE) {
                        answers.send(new KeeperRpc.Said(next.get()));
                    }
                }
                skipped = ask.output() == KeeperRpc.Which.NONE ? 0 : reader.skipped();
            } catch (IOException e) {
                throw new RpcFailed(
                        RpcFailed.Kind.FAILED, "the output of job " + ask.job() + " cannot be read: " + e.getMessage());
            }
        }
        answers.send(new KeeperRpc.Now(history.find(ask.job()).orElse(job), skipped));
    }

    private JobRecord seen(Caller caller, JobId id) throws RpcFailed {
        return history.find(id)
                .filter(job -> sees(caller, job))
                .orElseThrow(() -> new RpcFailed(
                        RpcFailed.Kind.REFUSED, "node " + self + " knows of no job " + id + " that is yours to see"));
    }

    private static boolean sees(Caller caller, JobRecord job) {
        return owns(caller, job) || caller.isOneOf(Access.OPERATORS);
    }

    private static boolean owns(Caller caller, JobRecord job) {
        return caller.name().equals(job.owner());
    }
}
