package dev.scc.fabric.verbs;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SplittableRandom;

/** Bytes that both sides can work out from a seed, so that each can tell whether what came is what was sent. */
final class SeededBytes {
    private SeededBytes() {}

    static void fill(ByteBuffer target, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int at = 0;
        for (; at + Long.BYTES <= target.limit(); at += Long.BYTES) {
            target.putLong(at, random.nextLong());
        }
        for (; at < target.limit(); at++) {
            target.put(at, (byte) random.nextInt());
        }
    }

    static void clear(ByteBuffer target) {
        target.slice().put(new byte[target.limit()]);
    }

    /** Where and how {@code found} differs from what {@link #fill} makes of the seed; empty if it does not. */
    static Optional<String> difference(ByteBuffer found, long seed) {
        ByteBuffer wanted = ByteBuffer.allocate(found.limit());
        fill(wanted, seed);
        int at = found.slice(0, found.limit()).mismatch(wanted);
        return at < 0
                ? Optional.empty()
                : Optional.of("byte %d of %d is %02x and should be %02x"
                        .formatted(at, found.limit(), found.get(at) & 255, wanted.get(at) & 255));
    }
}
