package dev.scc.job.node;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Answers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Makes the parts that jobs have on a node. */
public interface Parts {
    /**
     * Makes what the job needs of the node.
     *
     * @param serves the roster that the node serves
     * @param lead who hears what happens to the part
     * @throws IOException if a part of it cannot be made; what was made before is removed again
     */
    Part make(NodeOrder.Open open, Roster serves, Answers<NodeEvent> lead) throws IOException, InterruptedException;

    /** Processes of jobs that have left the cgroups of their jobs. */
    List<String> strays() throws IOException;

    /** Ends these. Returns those that do not end. */
    List<String> endStrays(Duration patience) throws IOException, InterruptedException;
}
