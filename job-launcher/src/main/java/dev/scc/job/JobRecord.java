package dev.scc.job;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.JobEntry;
import dev.scc.host.Bounds;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * All that is known of one job but its output.
 *
 * @param owner who asked for it, as his certificate names him
 * @param lead the node whose keeper runs it, and keeps its output
 * @param command its words, cut where they are long
 * @param ranks how many; 0 until its plan is made
 * @param attempt the how manieth time it is tried, from 1
 * @param moves how it came to its state, the earliest first; at least one
 * @param earlier see {@link JobSpec#earlier}
 * @param request that it is the answer to; empty for one that cannot be asked for again
 */
public record JobRecord(
        JobId job,
        ClusterName cluster,
        String owner,
        NodeName lead,
        String command,
        int ranks,
        int attempt,
        List<Move> moves,
        @Later List<JobId> earlier,
        @Later Optional<JobRequest> request) {
    private static final int LONGEST_COMMAND = 200;

    public JobRecord {
        moves = List.copyOf(moves);
        earlier = List.copyOf(earlier);
        if (moves.isEmpty()) {
            throw new IllegalArgumentException("job " + job + " has no state");
        }
    }

    /** One of the states that it came to. */
    public record Move(JobState to, long atMillis) {}

    /** Of a job that somebody has just asked for. */
    public static JobRecord pending(
            JobId job, ClusterName cluster, String owner, NodeName lead, JobSpec spec, Instant now) {
        return pending(job, cluster, owner, lead, spec, Optional.empty(), now);
    }

    /** The same, asked for like this. */
    public static JobRecord pending(
            JobId job,
            ClusterName cluster,
            String owner,
            NodeName lead,
            JobSpec spec,
            Optional<JobRequest> request,
            Instant now) {
        return new JobRecord(
                job,
                cluster,
                owner,
                lead,
                Bounds.cut(String.join(" ", spec.argv()), LONGEST_COMMAND),
                0,
                spec.restarts() + 1,
                List.of(new Move(new JobState.Pending(), now.toEpochMilli())),
                spec.earlier(),
                request);
    }

    public JobRecord withRanks(int count) {
        return new JobRecord(job, cluster, owner, lead, command, count, attempt, moves, earlier, request);
    }

    /**
     * It has come to the next state. This is the one place where a job moves.
     *
     * @throws IllegalStateException if no job goes that way
     */
    public JobRecord moved(JobState next, Instant now) {
        if (!state().mayBecome(next)) {
            throw new IllegalStateException(
                    "job " + job + " is " + state().word() + " and cannot become " + next.word());
        }
        List<Move> all = new ArrayList<>(moves);
        all.add(new Move(next, now.toEpochMilli()));
        return new JobRecord(job, cluster, owner, lead, command, ranks, attempt, all, earlier, request);
    }

    public JobState state() {
        return moves.getLast().to();
    }

    public Instant submitted() {
        return Instant.ofEpochMilli(moves.getFirst().atMillis());
    }

    /** When its ranks were started; empty if they were not. */
    public Optional<Instant> started() {
        return at(JobState.Running.class::isInstance);
    }

    /** When it was over; empty as long as it is not. */
    public Optional<Instant> ended() {
        return at(JobState::over);
    }

    private Optional<Instant> at(Predicate<JobState> state) {
        return moves.stream()
                .filter(move -> state.test(move.to()))
                .findFirst()
                .map(move -> Instant.ofEpochMilli(move.atMillis()));
    }

    /** What {@code scc run} would exit with; empty as long as the job is not over. */
    public Optional<Integer> exitCode() {
        return switch (state()) {
            case JobState.Pending _, JobState.Starting _, JobState.Running _, JobState.Ending _ -> Optional.empty();
            case JobState.Ended ended -> Optional.of(ExitCodes.of(ended.outcome()));
            case JobState.Refused refused -> Optional.of(refused.exitCode());
            case JobState.Lost _ -> Optional.of(ExitCodes.LOST);
        };
    }

    /** Why it did not end well; empty if it did, or is not over. */
    public Optional<String> cause() {
        return switch (state()) {
            case JobState.Pending _, JobState.Starting _, JobState.Running _, JobState.Ending _ -> Optional.empty();
            case JobState.Ended ended -> ended.outcome().end().cause();
            case JobState.Refused refused -> Optional.of(refused.why());
            case JobState.Lost lost -> Optional.of(lost.why());
        };
    }

    /** The counters of a job that ran to its end. */
    public Optional<Receipt> receipt() {
        return state() instanceof JobState.Ended ended
                ? Optional.of(ended.outcome().receipt())
                : Optional.empty();
    }

    /** What the tree says of it. */
    public JobEntry entry() {
        return new JobEntry(
                job.value(),
                cluster,
                owner,
                lead,
                state().word(),
                ranks,
                attempt,
                submitted().toEpochMilli());
    }
}
