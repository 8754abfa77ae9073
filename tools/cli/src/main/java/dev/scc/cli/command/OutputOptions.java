package dev.scc.cli.command;

import dev.scc.cli.failure.Failure;
import dev.scc.job.client.OutputSink;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where and how the output of a job is wanted. */
final class OutputOptions {
    @Option(
            names = {"--label", "--prefix"},
            description = "Each line of output, and of errors, says which rank on which node wrote it.")
    boolean label;

    @Option(
            names = "--output-dir",
            paramLabel = "DIR",
            description = "What rank N writes goes to DIR/rank-N.out and rank-N.err, here and as it is, and not to this"
                    + " command's own output.")
    @Nullable
    Path directory;

    /**
     * The files that are wanted.
     *
     * @param others for what is no rank's
     * @throws Failure if they cannot be made
     */
    Optional<RankFiles> files(OutputSink others) throws Failure {
        return directory == null ? Optional.empty() : Optional.of(RankFiles.in(directory, others));
    }
}
