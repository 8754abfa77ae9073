package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.job.JobRecord;
import dev.scc.job.client.JobClient;
import dev.scc.job.client.OutputSink;
import dev.scc.job.rpc.KeeperRpc;
import java.util.Optional;

/** Follows a job that another command has started; whatever becomes of this one, the job goes on. */
record JobFollowing(Session session, JobPlace place, OutputOptions options) {
    private static final String GOES_ON = "the job goes on";

    static JobFollowing of(Session session, String id, OutputOptions options) throws Exception {
        return new JobFollowing(session, JobPlace.find(session, id), options);
    }

    /** Shows what it has written. */
    void soFar() throws Exception {
        follow(KeeperRpc.Which.ALL, false);
    }

    /** Returns its exit status when it is over; why it did not end well, it says. */
    int toTheEnd(KeeperRpc.Which output) throws Exception {
        JobRecord job = follow(output, true);
        job.cause().ifPresent(why -> session.printer().problem(Problem.of("job " + job.job(), why, "")));
        return job.exitCode().orElse(ExitStatus.FAILED.code());
    }

    private JobRecord follow(KeeperRpc.Which which, boolean toTheEnd) throws Exception {
        String what = "job " + place.job();
        JobOutput own = new JobOutput(session, what);
        Optional<RankFiles> files = options.files(own);
        OutputSink sink = files.<OutputSink>map(each -> each).orElse(own);
        try {
            KeeperRpc.Now now = TimeLimit.within(
                    Optional.ofNullable(session.options().timeout),
                    what,
                    GOES_ON,
                    () -> new JobClient(session.options().connections())
                            .follow(
                                    place.lead(),
                                    place.permit(),
                                    new KeeperRpc.Follow(place.job(), which, toTheEnd),
                                    options.label,
                                    sink));
            if (now.skipped() > 0) {
                session.printer()
                        .remark("the first %d bytes of its output are not kept any more".formatted(now.skipped()));
            }
            return now.record();
        } catch (InterruptedException e) {
            throw new Failure(ExitStatus.INTERRUPTED, new Problem(what, "", "", "interrupted", GOES_ON, ""));
        } finally {
            own.flush();
            files.ifPresent(RankFiles::close);
            files.flatMap(RankFiles::problem).ifPresent(session.printer()::problem);
        }
    }
}
