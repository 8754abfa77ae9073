package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.job.JobRecord;
import dev.scc.job.client.JobClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc job cancel}. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = "End a job everywhere. scc job wait waits until nothing of it is left.",
        footer = {"", "Example:", "  scc job cancel demo-1f2e3d4c && scc job wait demo-1f2e3d4c"})
final class JobCancelCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "ID", description = "The job's id.")
    String id = "";

    JobCancelCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        JobPlace place = JobPlace.find(session, id);
        JobRecord job =
                new JobClient(session.options().connections()).cancel(place.lead(), place.permit(), place.job());
        if (job.state().over()) {
            session.printer()
                    .remark("job " + job.job() + " was over already: "
                            + job.state().word());
        }
        return ExitStatus.DONE.code();
    }
}
