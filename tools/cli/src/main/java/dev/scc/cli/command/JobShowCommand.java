package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.view.JobView;
import dev.scc.job.client.JobClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc job show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "All that is known of a job: state and how it came to it, exit status, cause, receipt.",
        footer = {"", "Example:", "  scc job show demo-1f2e3d4c -o json"})
final class JobShowCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "ID", description = "The job's id.")
    String id = "";

    JobShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        JobPlace place = JobPlace.find(session, id);
        session.printer()
                .answer(JobView.of(
                        new JobClient(session.options().connections()).job(place.lead(), place.permit(), place.job())));
        return ExitStatus.DONE.code();
    }
}
