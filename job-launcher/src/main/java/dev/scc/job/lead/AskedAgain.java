package dev.scc.job.lead;

import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.job.JobEvent;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobRecord;
import dev.scc.job.JobState;
import dev.scc.job.Receipt;
import dev.scc.job.Refusal;
import dev.scc.job.history.JobHistory;
import dev.scc.job.history.OutputLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;

/**
 * Serves a call that asks for a job again: it hears what the first one has heard, and then what that hears. Output comes from
 * what is kept of it, so the job does not wait for it.
 *
 * @param detached whether it is all the same to the caller what comes after the start
 */
record AskedAgain(JobHistory history, boolean detached, Answers<JobEvent> caller) {

    /** About a job that is not over. Returns when the call is. */
    void follow(LedJob job) throws RpcFailed, InterruptedException {
        BlockingQueue<Boolean> news = job.join();
        boolean served = false;
        try (Copy output = new Copy(job.record())) {
            boolean told = false;
            while (true) {
                boolean over = job.isOver(); // Before the last look, after which nothing is written.
                if (!told && job.started().isPresent()) {
                    caller.send(job.started().get());
                    told = true;
                    if (detached) {
                        served = true;
                        return;
                    }
                }
                output.pass();
                if (over) {
                    end(job.record(), output.skipped());
                    served = true;
                    return;
                }
                news.take();
            }
        } finally {
            if (!served) {
                job.left();
            }
            job.leave(news);
        }
    }

    /** About one that is over. */
    void tell(JobRecord job) throws RpcFailed, InterruptedException {
        Optional<Receipt> receipt = job.receipt();
        if (receipt.isPresent()) {
            caller.send(new JobEvent.Started(
                    job.job(),
                    receipt.get().mpi(),
                    receipt.get().transport(),
                    job.ranks(),
                    receipt.get().nodes().size()));
            if (detached) {
                return;
            }
        }
        try (Copy output = new Copy(job)) {
            output.pass();
            end(job, output.skipped());
        }
    }

    private void end(JobRecord job, long skipped) throws RpcFailed, InterruptedException {
        switch (job.state()) {
            case JobState.Ended ended -> caller.send(new JobEvent.Ended(noticed(ended.outcome(), skipped)));
            case JobState.Refused refused ->
                caller.send(new JobEvent.Ended(
                        new JobOutcome.Refused(new Refusal.Earlier(refused.why(), refused.exitCode()), List.of())));
            case JobState.Lost lost -> throw new RpcFailed(RpcFailed.Kind.FAILED, lost.why());
            case JobState.Pending _, JobState.Starting _, JobState.Running _, JobState.Ending _ ->
                throw new RpcFailed(RpcFailed.Kind.FAILED, "job " + job.job() + " is over and forgotten");
        }
    }

    private static JobOutcome.Ended noticed(JobOutcome.Ended outcome, long skipped) {
        if (skipped == 0) {
            return outcome;
        }
        List<String> notices = new ArrayList<>(outcome.notices());
        notices.add("the first " + skipped + " bytes of its output are not kept any more");
        return new JobOutcome.Ended(outcome.end(), notices, outcome.left(), outcome.receipt());
    }

    /** What a job writes, for this caller. */
    private final class Copy implements AutoCloseable {
        private final JobRecord job;
        private final Optional<OutputLog.Reader> reader;

        Copy(JobRecord job) {
            this.job = job;
            reader = history.output(job.job()).map(log -> log.read(false));
        }

        /** Passes on what there is now. */
        void pass() throws RpcFailed, InterruptedException {
            try {
                Optional<JobEvent.Output> next = next();
                while (next.isPresent()) {
                    caller.send(next.get());
                    next = next();
                }
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        private Optional<JobEvent.Output> next() throws IOException, InterruptedException {
            return reader.isEmpty() ? Optional.empty() : reader.get().next(false);
        }

        long skipped() {
            return reader.map(OutputLog.Reader::skipped).orElse(0L);
        }

        @Override
        public void close() throws RpcFailed {
            try {
                if (reader.isPresent()) {
                    reader.get().close();
                }
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        private RpcFailed unreadable(IOException e) {
            return new RpcFailed(
                    RpcFailed.Kind.FAILED, "the output of job " + job.job() + " cannot be read: " + e.getMessage());
        }
    }
}
