package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.client.NotEntitled;
import dev.scc.cluster.client.ServerFailed;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.client.TimedOut;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.UserMistake;
import dev.scc.host.command.CommandFailed;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;

/** What the services throw, as the command line tells it. */
final class Failures {
    private Failures() {}

    /**
     * What is told of something thrown.
     *
     * @param command that threw it, such as {@code scc create}
     * @param err gets what belongs to no sentence
     */
    static Failure of(String command, Throwable thrown, PrintStream err) {
        String what = command.startsWith("scc ") ? command.substring("scc ".length()) : command;
        return switch (thrown) {
            case Failure failure -> failure;
            case InterruptedException _ -> new Failure(ExitStatus.INTERRUPTED, Problem.of(what, "interrupted", ""));
            case ServerUnreachable _ ->
                new Failure(
                        ExitStatus.UNREACHABLE,
                        Problem.of(
                                what,
                                String.valueOf(thrown.getMessage()),
                                "is the server running? scc testbed status, or scc server; --server HOST:PORT"));
            case NotEntitled _ ->
                new Failure(
                        ExitStatus.REFUSED,
                        Problem.of(
                                what,
                                String.valueOf(thrown.getMessage()),
                                "an administrator may do it, or give you the rights: scc user create --help"));
            case TimedOut _ ->
                new Failure(
                        ExitStatus.TIMED_OUT,
                        Problem.of(what, String.valueOf(thrown.getMessage()), "ask again with scc show"));
            case ServerFailed failed ->
                new Failure(
                        ExitStatus.FAILED,
                        Problem.of(what, "the server: " + failed.getMessage(), "the log of that server says more"));
            case RpcFailed failed ->
                new Failure(status(failed.kind()), Problem.of(what, String.valueOf(failed.getMessage()), ""));
            case CommandFailed failed ->
                new Failure(ExitStatus.FAILED, Problem.of(what, String.valueOf(failed.getMessage()), ""));
            case UserMistake mistake ->
                new Failure(
                        ExitStatus.USAGE, Problem.of(what, String.valueOf(mistake.getMessage()), command + " --help"));
            case IOException e ->
                new Failure(
                        ExitStatus.FAILED, Problem.of(what, e.getClass().getSimpleName() + ": " + e.getMessage(), ""));
            default -> new Failure(ExitStatus.FAILED, DefectReport.of(command, what, thrown, Instant.now(), err));
        };
    }

    private static ExitStatus status(RpcFailed.Kind kind) {
        return switch (kind) {
            case UNREACHABLE -> ExitStatus.SOME_NODES_FAILED;
            case TIMED_OUT -> ExitStatus.TIMED_OUT;
            case INVALID -> ExitStatus.USAGE;
            case REFUSED, BUSY, NOT_ENTITLED -> ExitStatus.REFUSED;
            case UNKNOWN_METHOD, CANCELLED, FAILED -> ExitStatus.FAILED;
        };
    }
}
