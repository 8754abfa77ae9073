package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.job.JobEvent;
import dev.scc.job.client.OutputSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A directory that each rank's output goes to, as it was written: {@code rank-N.out} and {@code rank-N.err}. What a launcher
 * says, which is no rank, goes on to another sink. Not thread-safe.
 */
final class RankFiles implements OutputSink, AutoCloseable {
    /** More ranks than that share so many open files. */
    private static final int OPEN = 128;

    /** Whoever else may write in the directory leads no output anywhere else. */
    private static final OpenOption[] ANEW = {
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING,
        LinkOption.NOFOLLOW_LINKS
    };

    private static final OpenOption[] ON = {
        StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS
    };

    private final Path directory;
    private final OutputSink others;
    /** Those that were written to latest, the latest last. */
    private final Map<Path, OutputStream> open = new LinkedHashMap<>(OPEN, 0.75f, true);

    /** Those that have nothing of an earlier job any more. */
    private final Set<Path> begun = new HashSet<>();

    private Optional<IOException> failure = Optional.empty();

    private RankFiles(Path directory, OutputSink others) {
        this.directory = directory;
        this.others = others;
    }

    /**
     * Makes the directory if it is not there, and sees that files can be made in it.
     *
     * @throws Failure if they cannot
     */
    static RankFiles in(Path directory, OutputSink others) throws Failure {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, ".scc", ""));
            return new RankFiles(directory, others);
        } catch (IOException e) {
            throw new Failure(
                    ExitStatus.USAGE,
                    new Problem(
                            "output directory " + directory,
                            "",
                            "",
                            "no file can be made there: " + e,
                            "nothing was started",
                            "name a directory that can be written to"));
        }
    }

    /**
     * Each rank gets its two files, so that what an earlier job has written there is not taken for this one's; what is started
     * again goes on in them.
     */
    @Override
    public void started(JobEvent.Started started) {
        others.started(started);
        try {
            for (int rank = 0; rank < started.ranks(); rank++) {
                for (boolean errors : List.of(false, true)) {
                    if (begun.add(file(rank, errors))) {
                        Files.newOutputStream(file(rank, errors), ANEW).close();
                    }
                }
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private Path file(int rank, boolean errors) {
        return directory.resolve("rank-" + rank + (errors ? ".err" : ".out"));
    }

    @Override
    public boolean take(JobEvent.Output piece) {
        if (piece.rank().isEmpty()) {
            return false;
        }
        if (failure.isEmpty()) {
            try {
                stream(file(piece.rank().get(), piece.errors()))
                        .write(piece.bytes().toArray());
            } catch (IOException e) {
                failed(e);
            }
        }
        return true;
    }

    private OutputStream stream(Path file) throws IOException {
        OutputStream known = open.get(file);
        if (known != null) {
            return known;
        }
        if (open.size() == OPEN) {
            Iterator<OutputStream> longestUnused = open.values().iterator();
            longestUnused.next().close();
            longestUnused.remove();
        }
        OutputStream made = Files.newOutputStream(file, begun.add(file) ? ANEW : ON);
        open.put(file, made);
        return made;
    }

    /** The job goes on: its status counts, and its other effects. */
    private void failed(IOException e) {
        if (failure.isEmpty()) {
            failure = Optional.of(e);
        }
    }

    @Override
    public void output(boolean errors, byte[] bytes) {
        others.output(errors, bytes);
    }

    /** What could not be written. */
    Optional<Problem> problem() {
        return failure.map(why -> new Problem(
                "output directory " + directory,
                "",
                "",
                "what ranks wrote is not complete there: " + why,
                "the job itself went on",
                "make room, and run it again"));
    }

    @Override
    public void close() {
        for (OutputStream stream : open.values()) {
            try {
                stream.close();
            } catch (IOException e) {
                failed(e);
            }
        }
        open.clear();
    }
}
