package dev.scc.cluster.agent;

import java.io.IOException;

/** Where programs of a node look up what its clusters and ENIs are called. */
@FunctionalInterface
public interface NodeNames {

    /**
     * Has them find these names, and no others of ours. Called at each pass; changes nothing where nothing has changed.
     *
     * @throws IOException if a file cannot be written; what could be written is
     */
    void keep(KnownNames names) throws IOException;
}
