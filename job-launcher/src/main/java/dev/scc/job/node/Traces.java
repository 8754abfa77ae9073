package dev.scc.job.node;

import dev.scc.cluster.agent.NodeLeftover;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** What jobs that have no part on a node any more have left on it. */
public interface Traces {
    /**
     * Looks for it.
     *
     * @param running whether a job of that name has a part here
     * @param remove whether what is found is removed, too; processes in cgroups are killed
     */
    List<NodeLeftover> look(Predicate<String> running, boolean remove) throws IOException, InterruptedException;

    /** With the last job goes what holds all jobs, so that a node without jobs shows no trace of them. */
    void removeHolders();

    /** Ends and removes all of it, because no job has a part here. Returns what could not be removed. */
    List<String> removeAll() throws InterruptedException;
}
