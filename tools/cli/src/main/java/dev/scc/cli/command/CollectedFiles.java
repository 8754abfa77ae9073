package dev.scc.cli.command;

import dev.scc.cli.failure.Problem;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The files that come back from the nodes of a job, in a folder for each. All else goes on to another sink. Not thread-safe. */
final class CollectedFiles implements OutputSink, AutoCloseable {
    private final Path directory;
    private final OutputSink others;
    private final Map<NodeName, Incoming> incoming = new LinkedHashMap<>();
    private Optional<Problem> problem = Optional.empty();

    /** What comes from one node, and what becomes of it: the reason if it is not all there. */
    private record Incoming(PieceInput pieces, CompletableFuture<Optional<String>> end) {}

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
            failure = failure.or(() -> from.end().join());
        }
        failure.ifPresent(why -> failed(all.node(), why));
    }

    private Incoming begin(NodeName node) {
        Incoming begun = new Incoming(new PieceInput(), new CompletableFuture<>());
        Thread.ofPlatform()
                .daemon()
                .name("job-collected")
                .start(() -> begun.end().complete(write(node, begun)));
        return begun;
    }

    private Optional<String> write(NodeName node, Incoming from) {
        Optional<String> failure = Optional.empty();
        try (PieceInput pieces = from.pieces()) {
            Files.createDirectories(directory);
            // Anew, and for ourselves alone until it is complete: nobody can put a link in our way.
            Path own = Files.createDirectory(
                    directory.resolve(node.value()),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileUnpacker.unpack(pieces, own, JobLimits.STAGED);
        } catch (IOException e) {
            failure = Optional.of(e.toString());
        }
        return failure;
    }

    private void failed(NodeName node, String why) {
        if (problem.isEmpty()) {
            problem = Optional.of(new Problem(
                    "collect to " + directory,
                    node.value(),
                    "",
                    why,
                    "the job itself went on to its end; what is there from this node is not complete",
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
