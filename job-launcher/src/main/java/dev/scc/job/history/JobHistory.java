package dev.scc.job.history;

import dev.scc.host.FileTree;
import dev.scc.host.Json;
import dev.scc.job.JobId;
import dev.scc.job.JobRecord;
import dev.scc.job.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that a node leads and has led: a directory for each, with the record and the output, which only root can read. What
 * goes beyond the limits is forgotten, jobs that ended first before others. A disk that cannot be written costs history, and
 * no job. Safe for use by several threads.
 */
public final class JobHistory {
    private static final Logger log = LoggerFactory.getLogger(JobHistory.class);
    private static final String RECORD = "job.json";

    private final Path directory;
    private final HistoryLimits limits;
    private final InstantSource clock;
    private final Map<JobId, Kept> jobs = new LinkedHashMap<>();

    private record Kept(JobRecord record, OutputLog output) {}

    private JobHistory(Path directory, HistoryLimits limits, InstantSource clock) {
        this.directory = directory;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * What earlier keepers have left there. A job that was not over then is lost: nobody knows how it ended.
     *
     * @param directory made with the first job
     */
    public static JobHistory open(Path directory, HistoryLimits limits, InstantSource clock) {
        JobHistory history = new JobHistory(directory, limits, clock);
        try (Stream<Path> found = Files.exists(directory) ? Files.list(directory) : Stream.empty()) {
            found.filter(Files::isDirectory).forEach(history::recall);
        } catch (IOException e) {
            log.atWarn().addKeyValue("directory", directory).setCause(e).log("earlier jobs are not known");
        }
        history.prune();
        return history;
    }

    private synchronized void recall(Path place) {
        try {
            JobRecord record = Json.read(Files.readAllBytes(place.resolve(RECORD)), JobRecord.class);
            if (!record.state().over()) {
                record = record.moved(
                        new JobState.Lost("the keeper of jobs on node " + record.lead()
                                + " ended before the job, which ended with it"),
                        clock.instant());
                write(place, record);
            }
            jobs.put(record.job(), new Kept(record, OutputLog.of(place)));
        } catch (IOException | IllegalArgumentException e) {
            log.atWarn()
                    .addKeyValue("directory", place)
                    .addKeyValue("why", e.getMessage())
                    .log("what is kept of a job cannot be read; removed");
            remove(place);
        }
    }

    /** Begins to keep a job. */
    public synchronized OutputLog begin(JobRecord record) throws IOException {
        Path place = place(record.job());
        Files.createDirectories(
                place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        write(place, record);
        OutputLog output = OutputLog.begin(place, limits.outputOfJob());
        jobs.put(record.job(), new Kept(record, output));
        prune();
        return output;
    }

    /** The job has come to another state. */
    public synchronized void save(JobRecord record) throws IOException {
        Kept before = jobs.get(record.job());
        if (before == null) {
            return; // Cleared.
        }
        jobs.put(record.job(), new Kept(record, before.output()));
        if (record.state().over()) {
            before.output().finish();
        }
        write(place(record.job()), record);
        if (record.state().over()) {
            prune();
        }
    }

    /** All that are known, the latest first. */
    public synchronized List<JobRecord> all() {
        return jobs.values().stream()
                .map(Kept::record)
                .sorted(Comparator.comparing(JobRecord::submitted).reversed())
                .toList();
    }

    public synchronized Optional<JobRecord> find(JobId job) {
        return Optional.ofNullable(jobs.get(job)).map(Kept::record);
    }

    public synchronized Optional<OutputLog> output(JobId job) {
        return Optional.ofNullable(jobs.get(job)).map(Kept::output);
    }

    /** Forgets all that are over: the node leaves their cluster. */
    public synchronized void clear() {
        over().forEach(this::forget);
    }

    private synchronized void prune() {
        Instant oldest = clock.instant().minus(limits.age());
        List<JobRecord> over = over();
        long bytes = over.stream().mapToLong(this::bytes).sum();
        int count = over.size();
        for (JobRecord record : over) {
            boolean old = record.ended().filter(oldest::isAfter).isPresent();
            if (count > limits.jobs() || bytes > limits.bytes() || old) {
                count--;
                bytes -= bytes(record);
                forget(record);
            }
        }
    }

    /** Those that ended first come first. */
    private List<JobRecord> over() {
        return new ArrayList<>(jobs.values().stream()
                .map(Kept::record)
                .filter(record -> record.state().over())
                .sorted(Comparator.comparing(record -> record.ended().orElse(Instant.EPOCH)))
                .toList());
    }

    private long bytes(JobRecord record) {
        Kept kept = jobs.get(record.job());
        return kept == null ? 0 : kept.output().kept();
    }

    private void forget(JobRecord record) {
        jobs.remove(record.job());
        remove(place(record.job()));
    }

    private static void remove(Path place) {
        try {
            FileTree.remove(place);
        } catch (IOException e) {
            log.atWarn().addKeyValue("directory", place).setCause(e).log("what was kept of a job stays");
        }
    }

    private Path place(JobId job) {
        return directory.resolve(job.value());
    }

    /** Whole, or not at all, for whoever reads it after this process; after a power cut a job may be missing. */
    private static void write(Path place, JobRecord record) throws IOException {
        Path next = place.resolve("." + RECORD + ".next");
        Files.write(next, Json.writeBytes(record));
        Files.move(next, place.resolve(RECORD), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
