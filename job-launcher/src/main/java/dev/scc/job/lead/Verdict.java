package dev.scc.job.lead;

import dev.scc.host.NodeName;
import dev.scc.job.JobEnd;
import dev.scc.job.MpiFamily;
import dev.scc.job.ProcessEnd;
import dev.scc.job.plan.Launch;
import java.util.BitSet;
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
        /** The job is to end: its ranks are to hear of it, and have some time. */
        GRACE,
        /** The job has failed; its launcher may still say why, for a moment. */
        LINGER,
        /** The job is over. */
        STOP
    }

    private final String command;
    private final MpiFamily family;
    private final BitSet arrived = new BitSet();
    private Optional<String> absent = Optional.empty();
    private final Map<Integer, Launch> launches;
    private final Set<Integer> running;
    private final boolean grace;
    /** The job is to end, and its ranks know it: how they end is no cause of anything. */
    private boolean ending;

    private Optional<JobEnd> cause = Optional.empty();
    private Optional<String> hint = Optional.empty();

    /**
     * Of a job that has just been started.
     *
     * @param family that it was started for
     * @param launches the processes of the plan by their numbers
     * @param grace whether ranks have time to end by themselves when the job is to end
     */
    Verdict(String command, MpiFamily family, Map<Integer, Launch> launches, boolean grace) {
        this.command = command;
        this.family = family;
        this.grace = grace;
        this.launches = Map.copyOf(launches);
        running = new HashSet<>(launches.keySet());
    }

    /** How the job ended, now that it has: the first thing that went wrong, if something did. */
    JobEnd end() {
        return cause.orElseGet(JobEnd.Done::new);
    }

    /** @param unfinished whether the rank that ended, if one did, has started to use MPI and not finalized it */
    Next take(Occurrence occurrence, boolean unfinished) {
        return switch (occurrence) {
            case Occurrence.Exited exited -> exited(exited, unfinished);
            case Occurrence.RankFailed failed -> {
                blame(
                        failed.end().exitCode(),
                        rank(failed.rank(), failed.node()) + failed.end().describe(command));
                yield ending ? Next.GO_ON : Next.LINGER;
            }
            case Occurrence.Arrived rank -> arrived(rank);
            case Occurrence.Served _ -> Next.GO_ON;
            case Occurrence.ServerEnded server -> {
                blame(
                        1,
                        "the job's PMIx server on " + server.node() + " "
                                + server.end().describe("scc-pmix"));
                yield Next.STOP;
            }
            case Occurrence.OpenMpiAlone alone -> {
                String who =
                        alone.rank().map(rank -> rank(rank, alone.node())).orElse("a process on " + alone.node() + " ");
                blame(
                        1,
                        family == MpiFamily.OPENMPI
                                ? who
                                        + "is a program of an Open MPI that does not come to the job's PMIx server; say --mpi"
                                        + " openmpi-mpirun"
                                : who + "is a program of Open MPI, which " + shown() + "; say --mpi openmpi");
                yield Next.LINGER;
            }
            case Occurrence.Aborted aborted -> {
                blame(
                        aborted.exitCode() & 255,
                        "rank " + aborted.rank() + " aborted the job with code " + aborted.exitCode()
                                + (aborted.message().isEmpty() ? "" : ": " + aborted.message()));
                yield Next.STOP;
            }
            case Occurrence.Excess excess -> {
                blame(1, excess.why());
                yield Next.STOP;
            }
            case Occurrence.Cancelled cancelled -> {
                boolean again = ending;
                blame(new JobEnd.Cancelled(cancelled.why()));
                yield again ? Next.STOP : toEnd();
            }
            case Occurrence.TimeUp up -> {
                boolean again = ending;
                blame(new JobEnd.TimedOut(up.why()));
                yield again ? Next.GO_ON : toEnd();
            }
            case Occurrence.GraceOver _ -> Next.STOP;
            case Occurrence.FilesDone _ -> Next.GO_ON;
            case Occurrence.NodeLeaves leaves -> {
                blame(new JobEnd.NodeLost(leaves.why()));
                yield Next.STOP;
            }
            case Occurrence.NodeLost lost -> {
                blame(new JobEnd.NodeLost("node " + lost.node() + " was lost: " + lost.why()));
                yield Next.STOP;
            }
        };
    }

    private Next toEnd() {
        ending = grace;
        return grace ? Next.GRACE : Next.STOP;
    }

    /** Whether any rank has come to a server of ours. */
    boolean anyArrived() {
        return !arrived.isEmpty();
    }

    private String shown() {
        return family == MpiFamily.NONE
                ? command + " does not show (a script, an interpreter or a library in between?)"
                : "the job was not started for (but for " + family.text() + ")";
    }

    private Next arrived(Occurrence.Arrived rank) {
        arrived.set(rank.rank());
        if (family != rank.family()) {
            blame(1, rank(rank.rank(), rank.node()) + "is a program of MPICH, which " + shown() + "; say --mpi mpich");
            return Next.STOP;
        }
        return othersWait();
    }

    /** Those that have come wait in {@code MPI_Init} for the one that has ended without coming. */
    private Next othersWait() {
        if (absent.isEmpty() || arrived.isEmpty()) {
            return Next.GO_ON;
        }
        blame(1, absent.get());
        return Next.STOP;
    }

    private Next exited(Occurrence.Exited exited, boolean unfinished) {
        Launch launch = launches.get(exited.process());
        ProcessEnd end = exited.end();
        if (launch == null) {
            if (!end.ok()) {
                hint = Optional.of("Open MPI's daemon on " + exited.node() + " " + end.describe("/bin/sh"));
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
            blame(
                    end.exitCode(),
                    hint.orElseGet(() -> launcherName(launch.argv()) + " on " + exited.node() + " "
                            + end.describe(launch.argv().getFirst())));
        }
        return Next.STOP;
    }

    private Next rankExited(int rank, Occurrence.Exited exited, boolean unfinished) {
        if (ending) {
            return running.isEmpty() ? Next.STOP : Next.GO_ON;
        }
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
        if ((family == MpiFamily.MPICH || family == MpiFamily.OPENMPI) && !arrived.get(rank) && absent.isEmpty()) {
            absent = Optional.of(rank(rank, exited.node())
                    + "ended without having come to the PMI server, where others wait for it; if not all of "
                    + command + " is " + (family == MpiFamily.MPICH ? "MPICH" : "Open MPI") + ", say --mpi");
        }
        return running.isEmpty() ? Next.STOP : othersWait();
    }

    private static String launcherName(List<String> argv) {
        String program = argv.getFirst();
        return program.substring(program.lastIndexOf('/') + 1);
    }

    private static String rank(int rank, NodeName node) {
        return "rank " + rank + " on " + node + " ";
    }

    private void blame(int status, String why) {
        blame(new JobEnd.Failed(status == 0 ? 1 : status, why));
    }

    private void blame(JobEnd why) {
        if (cause.isEmpty()) {
            cause = Optional.of(why);
        }
    }
}
