package dev.scc.cluster.reactor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a process that cannot do its work any more but would seem to live: its sessions and ephemeral entries would
 * stay. Others see that it is gone, and whoever has started it can start it again.
 */
public final class ProcessEnd {
    private static final Logger log = LoggerFactory.getLogger(ProcessEnd.class);
    /** Exit status of what failed. */
    private static final int FAILED = 1;

    private ProcessEnd() {}

    /** Ends this process at once, without whatever else would be done at its end: that may need what is broken. */
    public static void now(Throwable cause) {
        try {
            log.atError().setCause(cause).log("this process cannot go on and ends");
        } finally {
            Runtime.getRuntime().halt(FAILED);
        }
    }
}
