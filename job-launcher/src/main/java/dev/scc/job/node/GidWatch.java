package dev.scc.job.node;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Notices that the segment's GID has moved, or is gone, while a job runs: connections that its ranks have made may be broken,
 * and those that read the index at their start make new ones with the wrong one.
 */
final class GidWatch {
    private final Supplier<Optional<Integer>> index;
    private Optional<Integer> known;

    /** @param index where the GID is now; empty if it is nowhere */
    GidWatch(Supplier<Optional<Integer>> index) {
        this.index = index;
        this.known = index.get();
    }

    /** What has happened since the last look, in a sentence; empty if nothing has. */
    synchronized Optional<String> look() {
        Optional<Integer> now = index.get();
        if (now.equals(known)) {
            return Optional.empty();
        }
        Optional<Integer> was = known;
        known = now;
        if (now.isEmpty()) {
            return Optional.of("the segment's GID is gone from its RDMA device (index " + was.orElseThrow()
                    + " until now); connections of this job may break");
        }
        return Optional.of("the segment's GID has index " + now.get() + " now"
                + was.map(index -> ", not " + index + " any more").orElse("")
                + "; connections of this job may break, and those that it makes with the old index fail");
    }
}
