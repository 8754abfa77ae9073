package dev.scc.bench;

import java.io.IOException;

/** A number of nodes, of which one cluster at a time is made. Closing ends its processes. */
interface Pool extends AutoCloseable {
    /** Makes a cluster of all nodes; answers how long its client waited, in seconds. */
    double create() throws Exception;

    /** Takes it down again, likewise. Returns when everything is quiet. */
    double delete() throws Exception;

    /** Processor time that the pool's processes have used so far, in seconds. */
    double processorSeconds();

    @Override
    void close() throws IOException;
}
