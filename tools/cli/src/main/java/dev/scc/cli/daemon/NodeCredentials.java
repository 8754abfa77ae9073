package dev.scc.cli.daemon;

import dev.scc.cluster.rpc.Connections;
import dev.scc.host.NodeName;
import java.io.IOException;
import java.nio.file.Path;

/** By what the agents of a process, and their keepers of jobs, show who they are. Safe for use by several threads. */
public interface NodeCredentials {

    /** Those of the node's agent: the same at each call. */
    Connections connections(NodeName node);

    /**
     * The file with those of the node's keeper.
     *
     * @throws IOException if it is not there and cannot be made
     */
    Path keeper(NodeName node) throws IOException;
}
