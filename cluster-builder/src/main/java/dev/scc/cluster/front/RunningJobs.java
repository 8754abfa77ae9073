package dev.scc.cluster.front;

import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs that agents say are not over. An entry that nobody understands, or that stands for another job, is left out. */
record RunningJobs(Tree tree) {
    private static final Logger log = LoggerFactory.getLogger(RunningJobs.class);

    /** Those that he may see: a user only his own. */
    ServerRpc.Jobs seenBy(Caller caller) throws ConnectionLost, InterruptedException {
        tree.sync();
        boolean all = !caller.isOneOf(Access.USERS) || caller.isOneOf(Access.OPERATORS);
        List<String> paths =
                tree.children(Paths.JOBS).stream().map(TreeEntry.JOB::path).toList();
        return new ServerRpc.Jobs(new TreeMap<>(tree.get(paths))
                .entrySet().stream()
                        .flatMap(RunningJobs::read)
                        .filter(job -> all || job.owner().equals(caller.name()))
                        .toList());
    }

    private static Stream<JobEntry> read(Map.Entry<String, Entry> at) {
        try {
            return Optional.of(at.getValue().read(JobEntry.class))
                    .filter(job -> Paths.job(job.lead(), job.job()).equals(at.getKey()))
                    .stream();
        } catch (IllegalArgumentException e) {
            log.atWarn()
                    .addKeyValue("path", at.getKey())
                    .addKeyValue("why", e.getMessage())
                    .log("entry cannot be read");
            return Stream.empty();
        }
    }
}
