package dev.scc.simulation;

import dev.scc.host.Json;
import dev.scc.job.JobId;
import dev.scc.job.JobRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What has to hold of the history of jobs on each node: which records are there, and which are forgotten first. */
final class JobHistoryPromises {
    private final JobPromises promises;
    private final Simulation sim;

    JobHistoryPromises(JobPromises promises, Simulation sim) {
        this.promises = promises;
        this.sim = sim;
    }

    /**
     * The keeper forgets a job.
     *
     * @param known what it knew of it; its disk may have had an older record
     */
    void removed(JobHost host, JobRecord known) {
        promises.require(!promises.rest(), "rest costs nothing", () -> host + " removes " + known.job() + " at rest");
        sim.trace.mark("disk-" + host, "forgets", known.job());
        if (host.leaves || promises.nanos(known.submitted()) <= host.left) {
            return; // All are forgotten, those that run when they are over: until then their keeper alone knows them.
        }
        promises.require(known.state().over(), "no job that runs is forgotten", () -> known.job() + " on " + host);
        List<JobRecord> others = known(host).values().stream()
                .filter(other -> other.state().over())
                .toList();
        boolean old = ended(known).isBefore(promises.now().minus(JobKeeperProcess.LIMITS.age()));
        promises.require(
                old || others.size() >= JobKeeperProcess.LIMITS.jobs(),
                "history is kept as long as it fits",
                () -> known.job() + " is forgotten, of " + (others.size() + 1));
        promises.require(
                others.stream().noneMatch(other -> ended(other).isBefore(ended(known))),
                "who ended first is forgotten first",
                () -> known.job() + " on " + host + " ended " + ended(known) + ", others "
                        + others.stream()
                                .map(other -> other.job() + " " + ended(other))
                                .toList());
    }

    /** What the disk has, and what the keeper knows of it that a full disk did not take. */
    private static Map<JobId, JobRecord> known(JobHost host) {
        Map<JobId, JobRecord> known = new HashMap<>();
        all(host).forEach(record -> known.put(record.job(), record));
        known.putAll(host.unwritten);
        return known;
    }

    private static Instant ended(JobRecord record) {
        return record.ended().orElse(Instant.MAX);
    }

    static List<JobRecord> all(JobHost host) {
        return host.disk.values().stream()
                .map(text -> Json.read(text, JobRecord.class))
                .toList();
    }

    private static List<JobRecord> over(JobHost host) {
        return all(host).stream().filter(record -> record.state().over()).toList();
    }

    void few(JobHost host) {
        JobKeeperProcess keeper = host.keeper;
        if (keeper != null && keeper.runs() && !host.diskFull) {
            int count = over(host).size();
            promises.require(
                    count <= JobKeeperProcess.LIMITS.jobs(),
                    "history is bounded",
                    () -> host + " keeps " + count + " jobs that are over");
        }
    }

    /** When a job begins, no old one stays. */
    void young(JobHost host) {
        JobKeeperProcess keeper = host.keeper;
        sim.timeline.after(Timeline.MILLI, () -> {
            if (keeper != null && keeper.runs()) {
                Instant oldest =
                        promises.now().minus(JobKeeperProcess.LIMITS.age()).minus(Duration.ofSeconds(1));
                for (JobRecord record : over(host)) {
                    promises.require(
                            !ended(record).isBefore(oldest),
                            "history is bounded",
                            () -> host + " keeps " + record.job() + ", which is too old");
                }
            }
        });
    }
}
