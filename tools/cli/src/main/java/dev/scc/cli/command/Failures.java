package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.host.command.CommandFailed;
import java.io.IOException;

/** What the services throw, as the command line tells it. */
final class Failures {
    private Failures() {}

    static Failure of(String what, Exception thrown) {
        return switch (thrown) {
            case Failure failure -> failure;
            case InterruptedException _ -> new Failure(ExitStatus.INTERRUPTED, Problem.of(what, "interrupted", ""));
            case CommandFailed failed ->
                new Failure(ExitStatus.FAILED, Problem.of(what, String.valueOf(failed.getMessage()), ""));
            case IOException e ->
                new Failure(
                        ExitStatus.FAILED, Problem.of(what, e.getClass().getSimpleName() + ": " + e.getMessage(), ""));
            default ->
                new Failure(
                        ExitStatus.FAILED,
                        Problem.of(
                                what,
                                "a defect in scc: " + thrown,
                                "run it again with SCC_TRACE=1 and report what it prints"));
        };
    }
}
