package dev.scc.cli.command;

import dev.scc.cli.failure.OutputClosed;
import dev.scc.cluster.ClusterName;
import dev.scc.job.JobEvent;
import dev.scc.job.client.OutputSink;

/** A job's output, as it comes, on our own streams. It goes on when their disk is full: its status counts all the same. */
final class JobOutput implements OutputSink {
    private final Session session;
    private final String where;

    JobOutput(Session session, ClusterName cluster) {
        this(session, cluster.value());
    }

    /** @param where it runs, in words */
    JobOutput(Session session, String where) {
        this.session = session;
        this.where = where;
    }

    @Override
    public void started(JobEvent.Started started) {
        if (session.terminal()) {
            session.printer()
                    .remark("job %s on %s: %d ranks on %d nodes, %s, transport %s"
                            .formatted(
                                    started.job(),
                                    where,
                                    started.ranks(),
                                    started.nodes(),
                                    started.mpi(),
                                    started.planned().text()));
        }
    }

    @Override
    public void output(boolean errors, byte[] bytes) {
        var stream = errors ? session.err() : session.out();
        stream.write(bytes, 0, bytes.length);
        OutputClosed.check(stream);
    }

    void flush() {
        session.out().flush();
        session.err().flush();
    }
}
