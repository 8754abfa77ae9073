package dev.scc.fabric.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeededBytesTest {
    @Test
    void theSameSeedMakesTheSameBytes() {
        ByteBuffer block = ByteBuffer.allocateDirect(1003);

        SeededBytes.fill(block, 42);

        assertThat(SeededBytes.difference(block, 42)).isEmpty();
        assertThat(SeededBytes.difference(block, 43)).isPresent();
    }

    @Test
    void anySingleChangedByteIsFound() {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            ByteBuffer block = ByteBuffer.allocateDirect(1 + random.nextInt(5000));
            SeededBytes.fill(block, seed);
            int at = random.nextInt(block.limit());
            block.put(at, (byte) (block.get(at) ^ 1 << random.nextInt(8)));

            assertThat(SeededBytes.difference(block, seed))
                    .as("seed %d", seed)
                    .hasValueSatisfying(
                            text -> assertThat(text).startsWith("byte " + at + " of " + block.limit() + " is "));
        }
    }

    @Test
    void clearedBytesAreZero() {
        ByteBuffer block = ByteBuffer.allocateDirect(100);
        SeededBytes.fill(block, 1);

        SeededBytes.clear(block);

        assertThat(block).isEqualTo(ByteBuffer.allocate(100));
    }
}
