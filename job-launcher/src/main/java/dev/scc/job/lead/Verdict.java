package dev.scc.job.lead;

import dev.scc.host.NodeName;
import dev.scc.job.JobOutcome;
import dev.scc.job.ProcessEnd;
import dev.scc.job.plan.Launch;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides from what happens whether a job is over and what its first cause was. Knows no clock and touches nothing: for one
 * thread.
 */
final class Verdict {
    /** What to do next. */
    enum Next {
        GO_ON,
        /** The job has failed; its launcher may still say why, for a moment. */
        LINGER,
        /** The job is over. */
        STOP
    }

    private final String command;
    private final Map<Integer, Launch> launches;
    private final Set<Integer> running;
    private Optional<FirstCause> cause = Optional.empty();
    private Optional<FirstCause> hint = Optional.empty();

    /** @param launches the processes of the plan by their numbers */
    Verdict(String command, Map<Integer, Launch> launches) {
        this.command = command;
        this.launches = Map.copyOf(launches);
        running = new HashSet<>(launches.keySet());
    }

    /** Why the job failed; empty while, or if, it did not. */
    Optional<FirstCause> cause() {
        return cause;
    }

    /** @param unfinished whether the rank that ended, if one did, has started to use MPI and not finalized it */
    Next take(Occurrence occurrence, boolean unfinished) {
        return switch (occurrence) {
            case Occurrence.Exited exited -> exited(exited, unfinished);
            case Occurrence.RankFailed failed -> {
                blame(
                        failed.end().exitCode(),
                        rank(failed.rank(), failed.node()) + failed.end().describe(command));
                yield Next.LINGER;
            }
            case Occurrence.Aborted aborted -> {
                blame(
                        aborted.exitCode() & 255,
                        "rank " + aborted.rank() + " aborted the job with code " + aborted.exitCode()
                                + (aborted.message().isEmpty() ? "" : ": " + aborted.message()));
                yield Next.STOP;
            }
            case Occurrence.NodeLeaves leaves -> {
                blame(JobOutcome.NODES_FAILED, leaves.why());
                yield Next.STOP;
            }
            case Occurrence.NodeLost lost -> {
                blame(JobOutcome.NODES_FAILED, "node " + lost.node() + " was lost: " + lost.why());
                yield Next.STOP;
            }
        };
    }

    private Next exited(Occurrence.Exited exited, boolean unfinished) {
        Launch launch = launches.get(exited.process());
        ProcessEnd end = exited.end();
        if (launch == null) {
            if (!end.ok()) {
                hint = Optional.of(new FirstCause(
                        end.exitCode(), "Open MPI's daemon on " + exited.node() + " " + end.describe("/bin/sh")));
            }
            return Next.GO_ON;
        }
        running.remove(exited.process());
        if (launch.rank().isPresent()) {
            return rankExited(launch.rank().get(), exited, unfinished);
        }
        if (end.ok()) {
            return Next.STOP;
        }
        if (cause.isEmpty()) {
            hint.ifPresentOrElse(
                    why -> blame(end.exitCode(), why.sentence()),
                    () -> blame(
                            end.exitCode(),
                            launcherName(launch.argv()) + " on " + exited.node() + " "
                                    + end.describe(launch.argv().getFirst())));
        }
        return Next.STOP;
    }

    private Next rankExited(int rank, Occurrence.Exited exited, boolean unfinished) {
        if (!exited.end().ok()) {
            blame(
                    exited.end().exitCode(),
                    rank(rank, exited.node()) + exited.end().describe(command));
            return Next.STOP;
        }
        if (unfinished) {
            blame(1, rank(rank, exited.node()) + "ended without MPI_Finalize");
            return Next.STOP;
        }
        return running.isEmpty() ? Next.STOP : Next.GO_ON;
    }

    private static String launcherName(List<String> argv) {
        String program = argv.getFirst();
        return program.substring(program.lastIndexOf('/') + 1);
    }

    private static String rank(int rank, NodeName node) {
        return "rank " + rank + " on " + node + " ";
    }

    private void blame(int exitCode, String sentence) {
        if (cause.isEmpty()) {
            cause = Optional.of(new FirstCause(exitCode == 0 ? 1 : exitCode, sentence));
        }
    }
}
