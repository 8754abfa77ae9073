package dev.scc.fabric.mesh;

import java.time.Duration;

/**
 * How much a node may send for the mesh.
 *
 * @param packetsPerSecond 1 to 5,000, the answers to other members' probes included
 */
public record MeshBudget(int packetsPerSecond) {
    /** Two probes a second, one of them of another member's. */
    public static final int USUAL = 50;

    static final int MOST = 5_000;

    /**
     * So many packets a node sends for a probe of its own and one of another's: to connect and to part, greeting and farewell, round
     * trips, and acknowledgements of what comes.
     */
    static final int PACKETS = 50;

    public MeshBudget {
        if (packetsPerSecond < 1 || packetsPerSecond > MOST) {
            throw new IllegalArgumentException(packetsPerSecond + " packets a second is not 1 to " + MOST);
        }
    }

    /** From the beginning of a probe to the beginning of the next. */
    public Duration between() {
        return Duration.ofNanos(1_000_000_000L * PACKETS / packetsPerSecond);
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if that is no number of packets
     */
    public static MeshBudget parse(String text) {
        try {
            return new MeshBudget(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(text + " is no number of packets a second", e);
        }
    }
}
