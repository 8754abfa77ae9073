package dev.scc.job.node;

import dev.scc.job.JobId;
import java.util.List;
import java.util.stream.Stream;

/**
 * What does not end.
 *
 * @param processes outside of the cgroups of their jobs, for people
 */
public record Stubborn(List<JobId> jobs, List<String> processes) {
    public Stubborn {
        jobs = List.copyOf(jobs);
        processes = List.copyOf(processes);
    }

    /** For people; empty if all has ended. */
    public List<String> names() {
        return Stream.concat(jobs.stream().map(job -> "job " + job), processes.stream())
                .toList();
    }
}
