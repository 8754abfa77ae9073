package dev.scc.fabric.verbs;

/** How many blocks a flow moves per second in the middle half of its time. Not thread-safe. */
final class MiddleRate {
    private final long start;
    private final long running;
    private int firstBlocks = -1;
    private long first;
    private int lastBlocks;
    private long last;

    /**
     * @param start in nanoseconds, as {@link System#nanoTime} gives it
     * @param running how long the flow runs, in nanoseconds; above 0
     */
    MiddleRate(long start, long running) {
        this.start = start;
        this.running = running;
        first = start;
        last = start;
    }

    /**
     * A block was moved.
     *
     * @param blocks how many there were until {@code now}
     * @return whether the flow goes on
     */
    boolean after(int blocks, long now) {
        if (firstBlocks < 0 && now - start >= running / 4) {
            firstBlocks = blocks;
            first = now;
        }
        if (now - start <= running * 3 / 4 || lastBlocks <= firstBlocks) {
            lastBlocks = blocks;
            last = now;
        }
        return now - start < running;
    }

    /** Of the blocks that ended in the middle half; of a flow so slow that there are none, over all of its time. */
    double blocksPerSecond() {
        if (last > first && lastBlocks > Math.max(0, firstBlocks)) {
            return (lastBlocks - Math.max(0, firstBlocks)) * 1e9 / (last - first);
        }
        return last > start ? lastBlocks * 1e9 / (last - start) : 0;
    }
}
