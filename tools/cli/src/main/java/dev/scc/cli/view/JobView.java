package dev.scc.cli.view;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.JobEntry;
import dev.scc.host.NodeName;
import dev.scc.job.JobId;
import dev.scc.job.JobRecord;
import dev.scc.job.JobRequest;
import dev.scc.job.Receipt;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One job. Moments are empty as long as they have not come.
 *
 * @param earlier what it was at the attempts before, the first first
 * @param request the id under which it was asked for; empty for none
 * @param exitCode empty as long as the job is not over
 * @param cause why it did not end well; empty if it did
 * @param lead the node that keeps its output
 * @param command its words; empty where only the tree knows of the job
 * @param log how it came to its state
 */
public record JobView(
        JobId job,
        ClusterName cluster,
        String owner,
        String state,
        Optional<Integer> exitCode,
        int ranks,
        int attempt,
        List<JobId> earlier,
        String request,
        String submitted,
        String started,
        String ended,
        String cause,
        NodeName lead,
        String command,
        List<Move> log,
        Optional<Receipt> receipt)
        implements View {
    public JobView {
        log = List.copyOf(log);
        earlier = List.copyOf(earlier);
    }

    /** It came to that state then. */
    public record Move(String at, String state) {}

    public static JobView of(JobRecord job) {
        return new JobView(
                job.job(),
                job.cluster(),
                job.owner(),
                job.state().word(),
                job.exitCode(),
                job.ranks(),
                job.attempt(),
                job.earlier(),
                job.request().map(JobRequest::id).orElse(""),
                job.submitted().toString(),
                job.started().map(Instant::toString).orElse(""),
                job.ended().map(Instant::toString).orElse(""),
                job.cause().orElse(""),
                job.lead(),
                job.command(),
                job.moves().stream()
                        .map(move -> new Move(
                                Instant.ofEpochMilli(move.atMillis()).toString(),
                                move.to().word()))
                        .toList(),
                job.receipt());
    }

    /** What the tree says of a job whose lead does not answer. */
    public static JobView of(JobEntry job) {
        return new JobView(
                new JobId(job.job()),
                job.cluster(),
                job.owner(),
                job.state(),
                Optional.empty(),
                job.ranks(),
                job.attempt(),
                List.of(),
                "",
                Instant.ofEpochMilli(job.submitted()).toString(),
                "",
                "",
                "",
                job.lead(),
                "",
                List.of(),
                Optional.empty());
    }
}
