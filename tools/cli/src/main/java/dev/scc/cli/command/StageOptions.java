package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiChoice;
import dev.scc.job.MpiFamily;
import dev.scc.job.Stage;
import dev.scc.job.client.Supply;
import dev.scc.job.files.FileSelection;
import dev.scc.job.plan.MpiDetector;
import dev.scc.job.plan.ProgramFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a job brings along, and what it leaves for its caller. */
final class StageOptions {
    @Option(
            names = "--stage",
            paramLabel = "PATH",
            description =
                    "Copy this file, or what is in this folder, to each node before the start: the job's working directory"
                            + " is a folder with it, SCC_STAGE its path. It is gone with the job.")
    @Nullable
    Path path;

    @Option(
            names = "--collect",
            paramLabel = "GLOB",
            description =
                    "Files in that folder, such as 'out/*.csv' or '**.log', that come back when the job is over; may be"
                            + " repeated.")
    List<String> globs = List.of();

    @Option(
            names = "--collect-dir",
            paramLabel = "DIR",
            description = "Where they go, to DIR/NODE/...; default scc-collected. It must not be there, or be empty.")
    Path directory = Path.of("scc-collected");

    /** Looks at what is to be copied, so that what cannot be is refused before anything is asked of a node. */
    Optional<Stage> stage(String what) throws Failure {
        if (path == null) {
            if (!globs.isEmpty()) {
                throw wrong(what, "--collect brings files back from the folder that --stage makes, and there is none");
            }
            return Optional.empty();
        }
        try {
            Stage stage = new Stage(FileSelection.all(path).bytes(), globs);
            if (!globs.isEmpty()) {
                CollectedFiles.requireEmpty(directory);
            }
            return Optional.of(stage);
        } catch (IOException | IllegalArgumentException e) {
            throw wrong(what, "--stage " + path + ": " + reason(e));
        }
    }

    private static String reason(Exception e) {
        return e instanceof java.nio.file.NoSuchFileException
                ? "there is no such file or folder"
                : String.valueOf(e.getMessage());
    }

    private static Failure wrong(String what, String why) {
        return new Failure(ExitStatus.USAGE, new Problem(what, "", "", why, "nothing was started", ""));
    }

    /** The job that is to start again brings along what is there by then, which may be more or less than the first time. */
    JobSpec anew(String what, JobSpec again) throws Failure {
        Optional<Stage> before = again.found().stage();
        Path from = path;
        if (before.isEmpty() || from == null) {
            return again;
        }
        try {
            return again.where(again.found()
                    .with(new Stage(
                            FileSelection.all(from).bytes(), before.get().collect())));
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure(
                    ExitStatus.FAILED,
                    new Problem(what, "", "", "--stage " + from + ": " + reason(e), "it was not started again", ""));
        }
    }

    /** Writes it, as it is by then. */
    Optional<Supply.Files> files() {
        Path from = path;
        return from == null
                ? Optional.empty()
                : Optional.of(to -> FileSelection.all(from).write(to, FileChannel::open));
    }

    /** The nodes do not have the program yet when they plan: what it is linked with is seen here. */
    MpiChoice mpi(MpiChoice asked, String command) throws IOException, InterruptedException {
        if (path == null || asked != MpiChoice.AUTO || command.startsWith("/")) {
            return asked;
        }
        Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
        if (folder == null || !Files.exists(folder.resolve(command))) {
            return asked;
        }
        MpiFamily family = MpiDetector.detect(
                command, folder.toAbsolutePath().toString(), "/usr/bin:/bin", Optional.empty(), new ProgramFiles.Own());
        return switch (family) {
            case OPENMPI -> MpiChoice.OPENMPI;
            case MPICH -> MpiChoice.MPICH;
            case TORCH, NONE -> asked;
        };
    }
}
