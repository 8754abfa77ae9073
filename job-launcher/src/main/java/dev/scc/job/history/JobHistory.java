package dev.scc.job.history;

import dev.scc.host.Json;
import dev.scc.job.JobId;
import dev.scc.job.JobRecord;
import dev.scc.job.JobState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that a node leads and has led, each with its record and its output. What goes beyond the limits is forgotten, jobs that ended first before others. A disk that cannot be written costs
 * no job, and what is known of one no longer than until it can be. Safe for use by several threads.
 */
public final class JobHistory {
    private static final Logger log = LoggerFactory.getLogger(JobHistory.class);

    private final JobStore store;
    private final HistoryLimits limits;
    private final InstantSource clock;
    private final Map<JobId, Kept> jobs = new LinkedHashMap<>();

    /** Those of which the store has no record, or an older one. */
    private final Set<JobId> unwritten = new LinkedHashSet<>();

    /** Those of a cluster that the node has left, which are not over yet: nothing of them is written any more. */
    private final Set<JobId> leaving = new HashSet<>();

    private record Kept(JobRecord record, OutputLog output) {}

    private JobHistory(JobStore store, HistoryLimits limits, InstantSource clock) {
        this.store = store;
        this.limits = limits;
        this.clock = clock;
    }

    /** As {@link #open(JobStore, HistoryLimits, InstantSource)}, in a directory that is made with the first job. */
    public static JobHistory open(Path directory, HistoryLimits limits, InstantSource clock) {
        return open(new JobDirectories(directory), limits, clock);
    }

    /** What earlier keepers have left there. A job that was not over then is lost: nobody knows how it ended. */
    public static JobHistory open(JobStore store, HistoryLimits limits, InstantSource clock) {
        JobHistory history = new JobHistory(store, limits, clock);
        try {
            store.places().forEach(history::recall);
        } catch (IOException e) {
            log.atWarn().setCause(e).log("earlier jobs are not known");
        }
        history.prune();
        return history;
    }

    private synchronized void recall(String place) {
        try {
            JobRecord record = Json.read(store.record(place), JobRecord.class);
            OutputLog output = store.output(place);
            if (record.state().over()) {
                jobs.put(record.job(), new Kept(record, output));
                return;
            }
            JobRecord lost = record.moved(
                    new JobState.Lost("the keeper of jobs on node " + record.lead()
                            + " ended before the job, which ended with it"),
                    clock.instant());
            jobs.put(record.job(), new Kept(lost, output));
            keep(lost);
        } catch (IOException | IllegalArgumentException e) {
            log.atWarn()
                    .addKeyValue("job", place)
                    .addKeyValue("why", e.getMessage())
                    .log("what is kept of a job cannot be read; removed");
            remove(place);
        }
    }

    /** Begins to keep a job. */
    public synchronized OutputLog begin(JobRecord record) {
        OutputLog output = store.begin(place(record.job()), limits.outputOfJob());
        jobs.put(record.job(), new Kept(record, output));
        keep(record);
        prune();
        return output;
    }

    /** The job has come to another state. */
    public synchronized void save(JobRecord record) {
        Kept before = jobs.get(record.job());
        if (before == null) {
            return; // Cleared.
        }
        jobs.put(record.job(), new Kept(record, before.output()));
        if (record.state().over()) {
            finish(record.job(), before.output());
        }
        keep(record);
        if (record.state().over() && leaving.remove(record.job())) {
            forget(record);
        } else if (record.state().over()) {
            prune();
        }
    }

    private static void finish(JobId job, OutputLog output) {
        try {
            output.finish();
        } catch (IOException e) {
            log.atError().addKeyValue("job", job).setCause(e).log("the end of the job's output is not kept");
        }
    }

    private void keep(JobRecord record) {
        if (leaving.contains(record.job())) {
            return;
        }
        try {
            write(record);
            unwritten.remove(record.job());
        } catch (IOException e) {
            if (unwritten.add(record.job())) {
                log.atError().addKeyValue("job", record.job()).setCause(e).log("a job's record cannot be written yet");
            }
        }
    }

    /** Writes what could not be written when it was new: the next keeper is to know how those jobs ended. */
    public synchronized void catchUp() {
        for (JobId job : List.copyOf(unwritten)) {
            find(job).ifPresent(this::keep);
        }
    }

    /** Whether the next keeper would know all that this one does. */
    public synchronized boolean isWritten() {
        return unwritten.isEmpty();
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

    /** The latest that this owner has asked for under this id, for that attempt. */
    public synchronized Optional<JobRecord> find(String owner, String request, int attempt) {
        return jobs.values().stream()
                .map(Kept::record)
                .filter(job -> job.owner().equals(owner) && job.attempt() == attempt)
                .filter(job -> job.request()
                        .filter(asked -> asked.id().equals(request))
                        .isPresent())
                .max(Comparator.comparing(JobRecord::submitted));
    }

    public synchronized Optional<OutputLog> output(JobId job) {
        return Optional.ofNullable(jobs.get(job)).map(Kept::output);
    }

    /**
     * Forgets all that are over, and the others when they are: the node leaves their cluster. The store has none of them from
     * now on, since a keeper that dies before the last of them is over forgets nothing.
     */
    public synchronized void clear() {
        over().forEach(this::forget);
        jobs.forEach((job, kept) -> {
            leaving.add(job);
            unwritten.remove(job);
            remove(job, kept.output());
        });
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
        Kept kept = jobs.remove(record.job());
        unwritten.remove(record.job());
        if (kept != null) {
            remove(record.job(), kept.output());
        }
    }

    private void remove(JobId job, OutputLog output) {
        try {
            output.drop();
        } catch (IOException e) {
            log.atWarn().addKeyValue("job", job).setCause(e).log("the job's output is not closed");
        }
        remove(place(job));
    }

    private void remove(String place) {
        try {
            store.remove(place);
        } catch (IOException e) {
            log.atWarn().addKeyValue("job", place).setCause(e).log("what was kept of a job stays");
        }
    }

    private static String place(JobId job) {
        return job.value();
    }

    private void write(JobRecord record) throws IOException {
        store.write(place(record.job()), Json.writeBytes(record));
    }
}
