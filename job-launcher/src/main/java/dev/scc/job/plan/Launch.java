package dev.scc.job.plan;

import dev.scc.host.NodeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One process to start when a job begins.
 *
 * @param rank empty for a launcher, which starts the ranks itself
 * @param environment beside what every process of the job on that node gets
 */
public record Launch(NodeName node, Optional<Integer> rank, List<String> argv, Map<String, String> environment) {
    public Launch {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }
}
