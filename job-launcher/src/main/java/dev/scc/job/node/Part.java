package dev.scc.job.node;

import dev.scc.cluster.rpc.RpcFailed;
import java.util.Optional;

/** What one job has of a node: it does there what it is told to. When it goes is decided by {@link NodeJob}. */
public interface Part {
    /**
     * Makes the directory for checkpoints where there is to be one and is none. It is the user's, perhaps on a file system of
     * other machines that do not answer, and stays.
     *
     * @throws RpcFailed if the user can make no files in it
     */
    void makeCheckpoints() throws RpcFailed;

    /** What the lead is told of the node. */
    NodeEvent.Opened opened();

    /** What has happened to the node's network since the last look that the job may suffer from, if something has. */
    Optional<String> look();

    /** Does what the lead says. Never waits for the lead. */
    void obey(NodeOrder order) throws RpcFailed, InterruptedException;

    /** Kills and removes everything. Says what is left of it. */
    NodeEvent.Closed close() throws InterruptedException;
}
