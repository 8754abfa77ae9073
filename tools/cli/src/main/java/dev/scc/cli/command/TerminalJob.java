package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.Roster;
import dev.scc.job.Attachment;
import dev.scc.job.ExitCodes;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobSpec;
import dev.scc.job.client.JobClient;
import dev.scc.job.client.Supply;
import java.util.Optional;

/**
 * A job of one rank that has this command's terminal, and ends with this command.
 *
 * @param what is done, in words
 */
record TerminalJob(Session session, String what, JobReport report) {
    private static final String ENDED = "the job was ended, and the terminal is what it was";

    /** Returns the exit status when it is over. */
    int run(CallerTerminal terminal, StageOptions stage, Roster roster, JobSpec spec, Optional<String> permit)
            throws Exception {
        JobOutput own = new JobOutput(session, roster.cluster());
        CollectedFiles sink = new CollectedFiles(stage.directory, own);
        JobOutcome outcome;
        try (terminal) {
            outcome = TimeLimit.within(
                    Optional.ofNullable(session.options().timeout),
                    what,
                    ENDED,
                    () -> new JobClient(session.options().connections())
                            .run(
                                    roster,
                                    spec,
                                    permit,
                                    Attachment.BOUND,
                                    Supply.of(terminal.input(), terminal).with(stage.files()),
                                    terminal.before(sink)));
        } catch (InterruptedException e) {
            throw new Failure(ExitStatus.INTERRUPTED, new Problem(what, "", "", "interrupted", ENDED, ""));
        } finally {
            own.flush();
            sink.close();
        }
        Optional<Problem> unwritten = report.tell(outcome).or(sink::problem);
        sink.problem().ifPresent(session.printer()::problem);
        int status = ExitCodes.of(outcome);
        return unwritten.isPresent() && status == 0 ? ExitStatus.FAILED.code() : status;
    }
}
