package dev.scc.cli.command;

import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.UserMistake;
import dev.scc.job.JobSpec;
import dev.scc.job.Stage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The id under which a job is asked for, so that it may be asked for again. */
final class JobRequestOptions {
    @Option(
            names = "--request",
            paramLabel = "ID",
            description =
                    "Start the job under that id of yours. The same command with the same id follows the job that it"
                            + " has started, or says what became of it, as long as scc job show knows the job; another command with"
                            + " that id is refused. Without, an id of its own keeps a lost answer from starting a job twice.")
    @Nullable
    String given;

    /**
     * The job under the given id, or one that nobody has used before. Under none at all, where it is not started, or is for one
     * caller alone: who asks again would not get its terminal, or the files that it brings back.
     */
    JobSpec under(JobSpec spec, boolean dryRun) {
        Optional<String> alone = alone(spec, dryRun);
        String id = given;
        if (id == null) {
            return alone.isPresent() ? spec : spec.under(ClusterClient.newRequestId());
        }
        if (alone.isPresent()) {
            throw new UserMistake("--request is for a job that may be asked for again, and with " + alone.get()
                    + " it may not; leave out one of them");
        }
        return UserMistake.reading("--request", id, spec::under);
    }

    private static Optional<String> alone(JobSpec spec, boolean dryRun) {
        boolean collects =
                !spec.found().stage().map(Stage::collect).orElse(List.of()).isEmpty();
        return dryRun
                ? Optional.of("--dry-run")
                : spec.found().terminal().isPresent()
                        ? Optional.of("--tty")
                        : collects ? Optional.of("--collect") : Optional.empty();
    }
}
