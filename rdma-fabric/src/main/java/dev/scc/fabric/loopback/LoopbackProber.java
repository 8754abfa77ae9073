package dev.scc.fabric.loopback;

/** Has a device talk to itself. */
@FunctionalInterface
public interface LoopbackProber {
    /**
     * Takes some tens of milliseconds on a device that is well, and some seconds on one that is not. A failure is an outcome.
     *
     * @throws InterruptedException if the caller gives up; nothing is left then
     */
    LoopbackOutcome run(LoopbackPlace place) throws InterruptedException;
}
