package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.host.UserMistake;
import dev.scc.job.RankSignal;
import dev.scc.job.client.JobClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc job signal}. */
@Command(
        name = "signal",
        mixinStandardHelpOptions = true,
        description = {
            "Send the processes of a running job's program a signal, on all nodes.",
            "HUP, INT, QUIT, KILL, USR1, USR2, TERM, CONT or STOP. A launcher, such as mpirun, does not hear of it."
        },
        footer = {"", "Example:", "  scc job signal demo-1f2e3d4c USR1"})
final class JobSignalCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "ID", description = "The job's id.")
    String id = "";

    @Parameters(index = "1", paramLabel = "SIGNAL", description = "Its name or number.")
    String signal = "";

    JobSignalCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        RankSignal which = UserMistake.reading(signal, RankSignal::parse);
        JobPlace place = JobPlace.find(session, id);
        new JobClient(session.options().connections()).signal(place.lead(), place.permit(), place.job(), which);
        return ExitStatus.DONE.code();
    }
}
