package dev.scc.fabric.inventory;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Whether an RDMA device's port 1 carries traffic. It follows its interface a moment later. */
public final class PortState {
    private static final String ACTIVE = "ACTIVE";
    private static final Duration PAUSE = Duration.ofMillis(20);

    private PortState() {}

    /**
     * Waits until this machine's device has an active port.
     *
     * @return its state if it is another, such as {@code DOWN}, for all of {@code atMost}
     * @throws IOException if there is no such device
     */
    public static Optional<String> awaitActive(String device, Duration atMost)
            throws IOException, InterruptedException {
        return awaitActive(RdmaSysfs.local(), device, atMost);
    }

    /** Its state now if that is not active. */
    static Optional<String> now(RdmaSysfs sysfs, String device) throws IOException {
        String state = sysfs.portState(device);
        return state.equals(ACTIVE) ? Optional.empty() : Optional.of(state);
    }

    static Optional<String> awaitActive(RdmaSysfs sysfs, String device, Duration atMost)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        String state = sysfs.portState(device);
        while (!state.equals(ACTIVE) && System.nanoTime() - end < 0) {
            Thread.sleep(PAUSE);
            state = sysfs.portState(device);
        }
        return state.equals(ACTIVE) ? Optional.empty() : Optional.of(state);
    }
}
