package dev.scc.job.node;

import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.job.Stage;
import dev.scc.job.files.FileSelection;
import dev.scc.job.files.FileUnpacker;
import dev.scc.job.files.PieceInput;
import dev.scc.job.files.PieceOutput;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of this node that has what a job brings along. It is filled and read with the rights of the job's user, and goes
 * with the job.
 */
final class StageArea {
    private static final Logger log = LoggerFactory.getLogger(StageArea.class);
    /** Of the file system's free space what one job may take: it is there for all jobs. */
    private static final int SHARE = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<PosixFilePermission> FOUND_BY_NAME = PosixFilePermissions.fromString("rwx--x--x");

    private final Stage stage;
    private final Path directory;
    private final Path place;
    private final JobUser user;
    private final UserFiles files;
    private final Answers<NodeEvent> lead;
    private final PieceInput pieces = new PieceInput();
    private final Thread filling;
    private Optional<Thread> collecting = Optional.empty();
    private boolean closed;

    /**
     * Begins to fill it; the lead hears when that is done.
     *
     * @param directory of the job, its user's alone, that {@link #make} has made
     */
    StageArea(Stage stage, Path directory, JobUser user, UserFiles files, Answers<NodeEvent> lead) {
        this.stage = stage;
        this.directory = directory;
        place = directory.resolve("stage");
        this.user = user;
        this.files = files;
        this.lead = lead;
        filling = Thread.ofVirtual().name("job-stage").start(this::fill);
    }

    /**
     * Makes the directory of a job, and what holds those of all jobs.
     *
     * @throws IOException if it is there, or what holds them is somebody else's
     */
    static void make(Path holder, Path directory) throws IOException {
        Files.createDirectories(holder);
        Object own = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!own.equals(Files.getAttribute(holder, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
            throw new IOException(holder + ", for files that jobs bring along, belongs to somebody else; remove it");
        }
        // Only those who know the name of a job find what it has here.
        Files.setPosixFilePermissions(holder, FOUND_BY_NAME);
        Files.createDirectory(directory, PRIVATE);
    }

    private void createPlace() throws IOException {
        try {
            Files.createDirectory(place);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "the job's user cannot enter " + directory + ": a folder above it does not let others through;"
                            + " chmod o+x that, or give the agent a --data elsewhere",
                    e);
        }
    }

    /** Where ranks start. */
    Path place() {
        return place;
    }

    /** The next piece; waits while the disk does. */
    void take(Bytes piece) throws InterruptedException {
        pieces.put(piece);
    }

    /** There are no more. */
    void end() throws InterruptedException {
        pieces.end();
    }

    private void fill() {
        Optional<String> failure;
        try (pieces) {
            Mounts.requirePrograms(directory);
            asUser(() -> {
                createPlace();
                long free = Files.getFileStore(place).getUsableSpace();
                if (stage.bytes() > free / SHARE) {
                    throw new IOException("it has room for " + free / SHARE
                            + " bytes of one job's files, and these have " + stage.bytes());
                }
                return FileUnpacker.unpack(pieces, place, stage.bytes());
            });
            failure = Optional.empty();
        } catch (InterruptedException | InterruptedIOException e) {
            Thread.currentThread().interrupt();
            failure = Optional.of("the job was over before all had come");
        } catch (Throwable e) { // Also of errors: the lead waits for a word.
            log.atWarn().addKeyValue("place", place).setCause(e).log("what a job brings along is not there");
            failure = Optional.of(reason(e));
        }
        tell(new NodeEvent.Staged(failure));
    }

    /** Sends what matches, on a thread of its own; the last event says that this was all. */
    synchronized void collect() {
        if (collecting.isPresent() || closed) {
            return;
        }
        collecting = Optional.of(Thread.ofVirtual().name("job-collect").start(() -> {
            Optional<String> failure = Optional.empty();
            try {
                asUser(() -> {
                    FileSelection found = FileSelection.matching(place, stage.collect());
                    found.write(new PieceOutput(piece -> lead.send(new NodeEvent.Collected(piece))), files::opened);
                    return found.count();
                });
            } catch (InterruptedException | InterruptedIOException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Throwable e) { // Also of errors: the lead waits for a word.
                log.atWarn().addKeyValue("place", place).setCause(e).log("what a job leaves is not sent");
                failure = Optional.of(reason(e));
            }
            tell(new NodeEvent.CollectedAll(failure));
        }));
    }

    private static String reason(Throwable e) {
        return e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString();
    }

    private void tell(NodeEvent event) {
        try {
            lead.send(event);
        } catch (InterruptedException e) {
            log.atDebug().log("the lead was gone before it heard of a job's files");
        }
    }

    private <T> T asUser(Callable<T> task) throws IOException, InterruptedException {
        if (user.rights().isPresent()) {
            return user.rights().get().inside(task);
        }
        try {
            return task.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Nothing more is made in it, or read from it. */
    void close() throws InterruptedException {
        Optional<Thread> reading;
        synchronized (this) {
            closed = true;
            reading = collecting;
        }
        pieces.close();
        filling.interrupt();
        reading.ifPresent(Thread::interrupt);
        filling.join();
        if (reading.isPresent() && !reading.get().join(PATIENCE)) {
            log.atError().addKeyValue("place", place).log("what a job leaves is still looked through");
        }
    }
}
