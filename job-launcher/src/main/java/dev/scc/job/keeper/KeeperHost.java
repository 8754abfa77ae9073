package dev.scc.job.keeper;

import dev.scc.host.NodeName;
import java.io.IOException;
import java.util.Optional;

/** Where the keeper of a node's jobs runs, as the node's agent sees it. */
public interface KeeperHost {

    /**
     * The host and port where the node's keeper listens. One is started if none runs.
     *
     * @throws IOException if it does not start; the message says why
     */
    String address(NodeName node) throws IOException, InterruptedException;

    /**
     * The same, of a keeper that runs already.
     *
     * @throws IOException if that cannot be found out
     */
    Optional<String> running(NodeName node) throws IOException, InterruptedException;

    /** The node's keeper may end, unless it has jobs, or a record of one that it could not write yet. */
    void retire() throws IOException, InterruptedException;

    /** Ends a keeper that does not answer, without asking it. Its processes are left to whoever has called. */
    void kill() throws IOException, InterruptedException;

    /**
     * Removes what keepers have known of the node's jobs, unless one runs, which does that by itself: the node leaves their
     * cluster, and the next one's people are others.
     */
    void forget(NodeName node) throws IOException, InterruptedException;

    /** A node whose jobs are kept. */
    interface Charge {
        /** Whether jobs may come. */
        boolean mayHaveJobs();

        /** Ends what is left of jobs that nobody keeps: a keeper is gone, or the first one starts. */
        void sweep();
    }

    /** From now on the keeper is one for this node, too. */
    void take(Charge charge);
}
