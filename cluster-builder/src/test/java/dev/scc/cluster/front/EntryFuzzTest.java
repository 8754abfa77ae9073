package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.rpc.FuzzedValues;
import dev.scc.cluster.tree.Entry;
import dev.scc.host.Json;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Texts of entries as a node, or a server of another version, might write them: nearly right ones, made from what the records are,
 * and damaged ones; {@code -Dscc.fuzz=N} for N of each kind, {@code -Dscc.seed}.
 */
@Timeout(600)
class EntryFuzzTest {
    private static final long MOST_MEMORY = 16 << 20;

    /** Class of hole: depth, lengths and numbers that a decoder believes. */
    @Test
    void whateverStandsInTheTreeIsReadOrObjectedTo() {
        long seed = Long.getLong("scc.seed", 1);
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        int read = 0;
        int refused = 0;
        for (TreeEntry kind : TreeEntry.values()) {
            Class<?> form = EntryForm.of(kind).orElse(null);
            Random random = new Random(seed * 31 + kind.name().hashCode());
            for (int written = 0; form != null && written < Integer.getInteger("scc.fuzz", 400); written++) {
                String text = text(form, random);
                long before = threads.getCurrentThreadAllocatedBytes();
                try {
                    if (EntryForm.objectionToText(kind, new Entry(text, 0, 0)).isEmpty()) {
                        read++;
                    } else {
                        refused++;
                    }
                } catch (RuntimeException | StackOverflowError e) {
                    throw new AssertionError(kind + ", seed " + seed + ", text " + written, e);
                }
                assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                        .as("memory for %s characters, %s, seed %s, text %s", text.length(), kind, seed, written)
                        .isLessThan(MOST_MEMORY + 4L * text.length());
            }
        }
        assertThat(read).isPositive();
        assertThat(refused).isPositive();
    }

    private static String text(Class<?> form, Random random) {
        if (random.nextInt(20) == 0) {
            return (random.nextBoolean() ? "[" : "{\"a\":").repeat(random.nextInt(100_000));
        }
        StringBuilder text =
                new StringBuilder(Json.write(Objects.requireNonNullElse(FuzzedValues.of(form, random), "")));
        for (int change = random.nextInt(3) - 1; change >= 0 && !text.isEmpty(); change--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(0x3000));
                case 1 -> text.deleteCharAt(at);
                default -> text.insert(at, text.substring(at));
            }
        }
        return text.toString();
    }
}
