package dev.scc.job.node;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Answers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Parts on this machine.
 *
 * @param outside processes of jobs that have left their cgroups
 */
record MachineParts(NodeSettings settings, Strays outside, Processors processors) implements Parts {
    @Override
    public Part make(NodeOrder.Open open, Roster serves, Answers<NodeEvent> lead)
            throws IOException, InterruptedException {
        return new MachinePart(settings, open, serves, lead, outside, processors);
    }

    @Override
    public List<String> strays() throws IOException {
        return outside.look();
    }

    @Override
    public List<String> endStrays(Duration patience) throws IOException, InterruptedException {
        return outside.end(patience);
    }
}
