package dev.scc.vpc;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds out how large packets may be on a path. Packets may be lost now and then: a few tries are made, and two of full size
 * have to come back, since the first may teach the kernel that the next are too large. Not thread-safe.
 */
final class PathSearch {
    /** What every path carries (RFC 791), in bytes. */
    static final int SMALLEST = 68;

    /** How long answers are waited for, try by try. */
    private static final List<Duration> TRIES =
            List.of(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofMillis(1000), Duration.ofMillis(1250));

    private static final int ENOUGH = 2;
    private static final int SIZES_AT_ONCE = 12;
    /** So many find the very byte up to 28,000. */
    private static final int ROUNDS = 4;

    private static final Duration FOR_SIZES = Duration.ofMillis(400);

    private final Exchange exchange;
    private final int full;
    private boolean heard;
    private Optional<String> trouble = Optional.empty();

    /** Packets that go out at the same time, and those that come back. */
    @FunctionalInterface
    interface Exchange {
        /**
         * Sends one packet of each size, and waits until all have come back or the time is over.
         *
         * @throws IOException if nothing can be sent
         */
        Round send(List<Integer> sizes, Duration patience) throws IOException, InterruptedException;
    }

    /**
     * What came of it.
     *
     * @param answered the sizes of those that came back
     * @param heard whether the other side's own probes arrived
     */
    record Round(List<Integer> answered, boolean heard) {
        Round {
            answered = List.copyOf(answered);
        }
    }

    /** @param full the VPC's MTU, in bytes */
    PathSearch(Exchange exchange, int full) {
        this.exchange = exchange;
        this.full = full;
    }

    PathOutcome run() throws InterruptedException {
        int large = 0;
        boolean small = false;
        for (Duration patience : TRIES) {
            List<Integer> answered = send(List.of(full, full, SMALLEST), patience);
            large += Collections.frequency(answered, full);
            small |= answered.contains(SMALLEST);
            if (large >= ENOUGH) {
                return new PathOutcome.Passed(full);
            }
        }
        if (!small && large == 0) {
            return trouble.<PathOutcome>map(PathOutcome.Unable::new).orElseGet(() -> new PathOutcome.Silent(heard));
        }
        int passes = largest();
        return passes >= full ? new PathOutcome.Passed(full) : new PathOutcome.Narrow(full, passes);
    }

    private int largest() throws InterruptedException {
        int passes = SMALLEST;
        int beyond = full + 1;
        for (int round = 0; round < ROUNDS && beyond - passes > 1; round++) {
            List<Integer> sizes = between(passes, beyond);
            List<Integer> answered = send(sizes, FOR_SIZES);
            for (int size : sizes) {
                if (answered.contains(size)) {
                    passes = Math.max(passes, size);
                }
            }
            int reached = passes;
            beyond = sizes.stream()
                    .filter(size -> size > reached)
                    .min(Integer::compare)
                    .orElse(beyond);
        }
        return passes;
    }

    /** Sizes above one and below the other, evenly. */
    private static List<Integer> between(int low, int high) {
        List<Integer> sizes = new ArrayList<>();
        int count = Math.min(SIZES_AT_ONCE, high - low - 1);
        for (int i = 1; i <= count; i++) {
            sizes.add(low + (int) ((long) (high - low) * i / (count + 1)));
        }
        return sizes;
    }

    private List<Integer> send(List<Integer> sizes, Duration patience) throws InterruptedException {
        try {
            Round round = exchange.send(sizes, patience);
            heard |= round.heard();
            return round.answered();
        } catch (IOException e) {
            trouble = Optional.of(String.valueOf(e.getMessage()));
            return List.of();
        }
    }
}
