package dev.scc.job.lead;

import dev.scc.cluster.ClusterName;
import dev.scc.job.JobId;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Ids for new jobs, none of which any other job has that is known here, or is about to be. Safe for use by several threads. */
final class JobIds {
    private final RandomGenerator random;
    private final Predicate<JobId> known;
    /** Those of jobs that nobody knows yet. */
    private final Set<JobId> given = new HashSet<>();

    /** @param known whether a job has it */
    JobIds(RandomGenerator random, Predicate<JobId> known) {
        this.random = random;
        this.known = known;
    }

    /** A new one, which is given to nobody else until it is {@link #settle settled}. */
    synchronized JobId next(ClusterName cluster) {
        byte[] part = new byte[4];
        while (true) {
            random.nextBytes(part);
            JobId id = new JobId(cluster + "-" + HexFormat.of().formatHex(part));
            if (!known.test(id) && given.add(id)) {
                return id;
            }
        }
    }

    /** Its job is known by now, or will never be. */
    synchronized void settle(JobId id) {
        given.remove(id);
    }
}
