package dev.scc.cluster.reactor;

import dev.scc.cluster.tree.ConnectionLost;
import java.time.Duration;

/**
 * One look at the world and what follows from it. It keeps nothing that it could not learn again, so that it may be run at
 * any time, any number of times, on any thread (one at a time).
 */
@FunctionalInterface
public interface Pass {

    /**
     * Looks and acts.
     *
     * @return after how long to look again even if nothing signals; zero for at once
     * @throws ConnectionLost if the tree does not answer; look again when it does
     */
    Duration run() throws ConnectionLost, InterruptedException;
}
