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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of this node that has what a job brings along. It is filled and read with the rights of the job's user, and goes
 * with the job's directory.
 */
final class StageArea {
    private static final Logger log = LoggerFactory.getLogger(StageArea.class);
    /** Of the file system's free space what one job may take: it is memory of all jobs. */
    private static final int SHARE = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Stage stage;
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
     * @param directory of the job, its user's alone
     */
    StageArea(Stage stage, Path directory, JobUser user, UserFiles files, Answers<NodeEvent> lead) {
        this.stage = stage;
        place = directory.resolve("stage");
        this.user = user;
        this.files = files;
        this.lead = lead;
        filling = Thread.ofVirtual().name("job-stage").start(this::fill);
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
            asUser(() -> {
                Files.createDirectory(place);
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
