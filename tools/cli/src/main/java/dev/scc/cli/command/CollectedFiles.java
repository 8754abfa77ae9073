package dev.scc.cli.command;

import dev.scc.cli.failure.Problem;
import dev.scc.host.FileTree;
import dev.scc.host.NodeName;
import dev.scc.job.JobEvent;
import dev.scc.job.JobLimits;
import dev.scc.job.client.OutputSink;
import dev.scc.job.files.FileUnpacker;
import dev.scc.job.files.PieceInput;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The files that come back from the nodes of a job, in a folder for each that has its name when all are there. All else goes on
 * to another sink. Not thread-safe.
 */
final class CollectedFiles implements OutputSink, AutoCloseable {
    private final Path directory;
    private final OutputSink others;
    private final Map<NodeName, Incoming> incoming = new LinkedHashMap<>();
    private final Set<Path> made = ConcurrentHashMap.newKeySet();
    private Optional<Problem> problem = Optional.empty();

    /** What comes from one node, and what becomes of it: the reason if it is not all there. */
    private record Incoming(PieceInput pieces, FutureTask<Optional<String>> end, Thread writing) {}

    CollectedFiles(Path directory, OutputSink others) {
        this.directory = directory;
        this.others = others;
    }

    /** @throws IOException if something is there: what an earlier job has left is not taken for this one's */
    static void requireEmpty(Path directory) throws IOException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> there = Files.newDirectoryStream(directory)) {
                if (there.iterator().hasNext()) {
                    throw new IOException("--collect-dir " + directory + " is not empty");
                }
            }
        }
    }

    @Override
    public void started(JobEvent.Started started) {
        others.started(started);
    }

    @Override
    public boolean take(JobEvent.Output piece) {
        return others.take(piece);
    }

    @Override
    public void output(boolean errors, byte[] bytes) {
        others.output(errors, bytes);
    }

    @Override
    public void collected(JobEvent.Collected piece) throws InterruptedException {
        incoming.computeIfAbsent(piece.node(), this::begin).pieces().put(piece.bytes());
    }

    @Override
    public void collectedAll(JobEvent.CollectedAll all) throws InterruptedException {
        Incoming from = incoming.remove(all.node());
        Optional<String> failure = all.failure();
        if (from != null) {
            from.pieces().end();
            Optional<String> unwritten = end(from);
            failure = failure.or(() -> unwritten).or(() -> named(all.node()));
        }
        failure.ifPresent(why -> failed(all.node(), why));
    }

    private Incoming begin(NodeName node) {
        PieceInput pieces = new PieceInput();
        FutureTask<Optional<String>> end = new FutureTask<>(() -> write(node, pieces));
        return new Incoming(
                pieces, end, Thread.ofPlatform().daemon().name("job-collected").start(end));
    }

    private static Optional<String> end(Incoming from) {
        try {
            return from.end().get();
        } catch (ExecutionException e) {
            return Optional.of(String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted before all was written");
        }
    }

    private Optional<String> write(NodeName node, PieceInput from) {
        Optional<String> failure = Optional.empty();
        Path partial = partial(node);
        try (from) {
            Files.createDirectories(directory);
            // Anew, and for ourselves alone until it is complete: nobody can put a link in our way.
            Files.createDirectory(
                    partial, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            made.add(partial);
            FileUnpacker.unpack(from, partial, JobLimits.STAGED);
        } catch (IOException e) {
            failure = Optional.of(e.toString());
        }
        return failure;
    }

    private Path partial(NodeName node) {
        return directory.resolve("." + node + ".partial");
    }

    /** All are there. */
    private Optional<String> named(NodeName node) {
        Optional<String> failure = Optional.empty();
        Path whole = directory.resolve(node.value());
        try {
            Files.move(partial(node), whole);
            made.add(whole);
        } catch (IOException e) {
            failure = Optional.of(e.toString());
        }
        return failure;
    }

    /** The job starts again: what has come so far counts for nothing, and goes. */
    void anew() throws InterruptedException {
        for (Incoming each : incoming.values()) {
            each.pieces().close();
            each.writing().interrupt();
            each.writing().join();
        }
        incoming.clear();
        problem = Optional.empty();
        for (Path each : List.copyOf(made)) {
            try {
                FileTree.remove(each);
                made.remove(each);
            } catch (IOException e) {
                problem = Optional.of(new Problem(
                        "collect to " + directory,
                        "",
                        "",
                        "what has come before a restart cannot be removed: " + e,
                        "the job itself went on to its end",
                        ""));
            }
        }
    }

    private void failed(NodeName node, String why) {
        if (problem.isEmpty()) {
            problem = Optional.of(new Problem(
                    "collect to " + directory,
                    node.value(),
                    "",
                    why,
                    "the job itself went on to its end; what has come from this node, if anything, is in " + directory
                            + "/." + node + ".partial, and not complete",
                    ""));
        }
    }

    /** What did not come back. */
    Optional<Problem> problem() {
        return problem;
    }

    @Override
    public void close() {
        incoming.values().forEach(each -> each.pieces().close());
    }
}
