package dev.scc.job;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;

/** What a node belongs to now. Only its agent knows. */
public interface Serving {

    /**
     * The roster that it serves; empty while it is free, builds or leaves.
     *
     * @throws RpcFailed if the agent cannot be asked
     */
    Optional<Roster> roster() throws RpcFailed, InterruptedException;

    /**
     * Those of the nodes that were members of the cluster, and are not any more.
     *
     * @throws RpcFailed if the agent cannot be asked
     */
    List<NodeName> gone(ClusterName cluster, List<NodeName> nodes) throws RpcFailed, InterruptedException;

    /**
     * Tells it of all jobs that the node leads and that are not over.
     *
     * @throws RpcFailed if the agent cannot be told
     */
    void tell(List<JobEntry> jobs) throws RpcFailed, InterruptedException;
}
