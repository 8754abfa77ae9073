package dev.scc.cli.command;

import dev.scc.host.NodeName;
import dev.scc.job.JobRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Jobs as members of their cluster remember them. */
final class KeptJobs {
    private KeptJobs() {}

    /**
     * One of them.
     *
     * @param counts whether that is so whatever the tree says: it is told by its lead, or that tells nothing
     */
    record Told(JobRecord job, boolean counts) {}

    /** What a job's lead says of it comes before what any other does, which only knows that it was lost. */
    static Map<String, Told> of(Map<NodeName, List<JobRecord>> members) {
        Map<String, Told> jobs = new LinkedHashMap<>();
        members.forEach((node, records) -> records.stream()
                .filter(job -> job.lead().equals(node))
                .forEach(job -> jobs.put(job.job().value(), new Told(job, true))));
        members.forEach((node, records) -> records.stream()
                .filter(job -> !job.lead().equals(node))
                .forEach(job -> jobs.putIfAbsent(job.job().value(), new Told(job, !members.containsKey(job.lead())))));
        return jobs;
    }
}
