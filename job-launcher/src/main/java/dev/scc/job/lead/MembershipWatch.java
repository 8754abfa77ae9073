package dev.scc.job.lead;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.Serving;
import dev.scc.job.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a job when one of its nodes is taken out of the cluster. Such a node ends its part by itself, unless its agent is lost:
 * then its processes may well go on, cut off from the others.
 *
 * @param every how long it waits before it asks again
 * @param occurrences what the job hears of
 */
record MembershipWatch(
        Serving serving,
        ClusterName cluster,
        List<NodeName> nodes,
        Duration every,
        Tasks tasks,
        BlockingQueue<Occurrence> occurrences) {
    private static final Logger log = LoggerFactory.getLogger(MembershipWatch.class);

    MembershipWatch {
        nodes = List.copyOf(nodes);
    }

    /** Goes on until it is interrupted. */
    Tasks.Task start() {
        return tasks.start("job-members", this::watch);
    }

    private void watch() {
        try {
            while (true) {
                tasks.sleep(every);
                for (NodeName gone : gone()) {
                    occurrences.add(new Occurrence.NodeLeaves(
                            gone, "node " + gone + " is no member of cluster " + cluster + " any more"));
                }
            }
        } catch (InterruptedException e) {
            log.atTrace().addKeyValue("cluster", cluster).log("job over");
        }
    }

    private List<NodeName> gone() throws InterruptedException {
        try {
            return serving.gone(cluster, nodes);
        } catch (RpcFailed e) {
            // The agent is away, perhaps for an upgrade. It will tell.
            log.atDebug()
                    .addKeyValue("cluster", cluster)
                    .setCause(e)
                    .log("the agent does not say who belongs to the cluster");
            return List.of();
        }
    }
}
