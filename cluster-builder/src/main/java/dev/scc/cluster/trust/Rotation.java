package dev.scc.cluster.trust;

import java.util.List;

/**
 * How far the replacement of a root is. All that trust the pool compare it with the roots that they have.
 *
 * @param step grows with each change, over all rotations
 * @param by the address of the server that has the new key until it signs
 * @param before the root that is replaced
 * @param after the one that takes its place
 */
public record Rotation(Root root, Phase phase, int step, String by, Fingerprint before, Fingerprint after) {

    /** What everybody does. */
    public enum Phase {
        /** The old root signs, and everybody learns to trust the new one too. */
        SPREADING,
        /** The new root signs, and everybody gets a new certificate; the old ones count still. */
        REISSUING,
        /** The old root counts for nothing. */
        DROPPED
    }

    /** Whether whoever has these roots has done his part of it. */
    public boolean isIn(Roots roots) {
        List<Fingerprint> known = roots.of(root).stream().map(Fingerprint::of).toList();
        return switch (phase) {
            case SPREADING -> known.contains(before) && known.contains(after);
            case REISSUING -> !known.isEmpty() && known.getFirst().equals(after);
            case DROPPED -> known.equals(List.of(after));
        };
    }
}
