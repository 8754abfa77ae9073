package dev.scc.fabric.loopback;

/** How a device's traffic with itself ended. */
public sealed interface LoopbackOutcome {

    /**
     * The data came as they were sent, both ways, the device's packet counters moved by what that takes, and none of its error
     * counters did.
     *
     * @param sentPackets how far the device's counter of sent packets moved
     */
    record Passed(long sentPackets) implements LoopbackOutcome {}

    /** Something did not go through, or not as expected. */
    record Failed(String why) implements LoopbackOutcome {}

    /** It could not be tried: nothing is known of the device. */
    record NotTried(String why) implements LoopbackOutcome {}
}
