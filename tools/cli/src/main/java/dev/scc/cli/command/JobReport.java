package dev.scc.cli.command;

import dev.scc.cli.failure.Problem;
import dev.scc.host.Json;
import dev.scc.job.JobOutcome;
import dev.scc.job.Receipt;
import dev.scc.job.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells the caller how a job ended.
 *
 * @param what was done, in words
 * @param receipt the file for its receipt, if one is wanted
 */
record JobReport(Session session, String what, Optional<Path> receipt) {

    /** Says how it ended, where that is not the program's own business. Returns what could not be told. */
    Optional<Problem> tell(JobOutcome outcome) {
        return switch (outcome) {
            case JobOutcome.Refused refused -> {
                Refusal why = refused.refusal();
                session.printer().problem(new Problem(what, "", "", why.why(), left(outcome), next(why)));
                yield Optional.empty();
            }
            case JobOutcome.Ended ended -> {
                ended.notices().forEach(session.printer()::remark);
                ended.end()
                        .cause()
                        .or(() -> Optional.of("the job did well, and not all of it has gone from its nodes")
                                .filter(_ -> !outcome.left().isEmpty()))
                        .ifPresent(why -> session.printer().problem(new Problem(what, "", "", why, left(outcome), "")));
                Optional<Problem> unwritten = receipt.flatMap(file -> write(file, ended.receipt()));
                unwritten.ifPresent(session.printer()::problem);
                yield unwritten;
            }
        };
    }

    private static String left(JobOutcome outcome) {
        return outcome.left().isEmpty() ? "" : "left behind: " + String.join("; ", outcome.left());
    }

    static String next(Refusal refusal) {
        return switch (refusal) {
            case Refusal.NoRdma _ -> "--allow-tcp lets it run over TCP; --mpi none runs a command that is not MPI";
            case Refusal.NoDirectory _ -> "start it from a directory that all of its nodes have";
            case Refusal.VpcBlocked _ ->
                "a firewall on the node, or between, must let UDP port 4789 (VXLAN) pass between the nodes, and TCP within"
                        + " the VPC; scc vpc explain A B tcp/PORT says whether a security group stands in the way";
            case Refusal.NotStaged _ ->
                "what is large belongs on a file system that the nodes share; the reason says what else to change";
            case Refusal.Earlier _ ->
                "that is what became of this request; what has been mended counts under another id";
            case Refusal.TooMuch _, Refusal.NodeUnable _ -> "";
        };
    }

    private static Optional<Problem> write(Path file, Receipt receipt) {
        try {
            Files.writeString(file, Json.pretty(receipt) + "\n");
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    new Problem("receipt " + file, "", "", String.valueOf(e), "the job itself ran to its end", ""));
        }
    }
}
