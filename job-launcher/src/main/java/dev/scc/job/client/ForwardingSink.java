package dev.scc.job.client;

import dev.scc.job.JobEvent;

/** Passes all that comes on to another, for those who want to do something beside that. Called by one thread. */
public class ForwardingSink implements OutputSink {
    private final OutputSink next;

    protected ForwardingSink(OutputSink next) {
        this.next = next;
    }

    @Override
    public void started(JobEvent.Started started) {
        next.started(started);
    }

    @Override
    public boolean take(JobEvent.Output piece) {
        return next.take(piece);
    }

    @Override
    public void placed(JobEvent.Placed placed) {
        next.placed(placed);
    }

    @Override
    public void collected(JobEvent.Collected piece) throws InterruptedException {
        next.collected(piece);
    }

    @Override
    public void collectedAll(JobEvent.CollectedAll all) throws InterruptedException {
        next.collectedAll(all);
    }

    @Override
    public void output(boolean errors, byte[] bytes) {
        next.output(errors, bytes);
    }
}
