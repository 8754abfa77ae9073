package dev.scc.fabric.verify;

import java.util.Collection;

/**
 * From where on a pair that passes counts as slow, or as changed.
 *
 * @param latencyTimes so many times the latency of the others; above 1
 * @param bandwidthPart less than this part of the bandwidth of the others; between 0 and 1
 */
public record Thresholds(double latencyTimes, double bandwidthPart) {
    /** Of RDMA adapters: what they measure differs by a few percent from pair to pair. */
    public static final Thresholds HARDWARE = new Thresholds(2, 0.6);

    /**
     * Of Soft-RoCE: a processor does the work, and one that has something else to do, or is emulated, makes a pair several times
     * as slow without anything being wrong.
     */
    public static final Thresholds SOFTWARE = new Thresholds(10, 0.1);

    public Thresholds {
        if (latencyTimes <= 1 || bandwidthPart <= 0 || bandwidthPart >= 1) {
            throw new IllegalArgumentException(
                    "thresholds of %s times the latency, %s of the bandwidth".formatted(latencyTimes, bandwidthPart));
        }
    }

    /** Those of the slowest kind among these RDMA devices, which their names tell. */
    public static Thresholds of(Collection<String> devices) {
        return devices.stream().anyMatch(name -> name.startsWith("rxe") || name.startsWith("siw"))
                ? SOFTWARE
                : HARDWARE;
    }

    boolean slower(double latency, double than) {
        return latency > than * latencyTimes;
    }

    boolean less(double bandwidth, double than) {
        return bandwidth < than * bandwidthPart;
    }
}
