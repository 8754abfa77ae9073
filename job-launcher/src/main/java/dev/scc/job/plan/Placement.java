package dev.scc.job.plan;

import dev.scc.cluster.Member;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ranks of one node: {@code count} of them, from {@code first} on.
 *
 * @param count at least 1
 */
public record Placement(Member member, int first, int count) {
    public Placement {
        if (first < 0 || count < 1) {
            throw new IllegalArgumentException("placement on " + member.node() + " of " + count + " ranks from " + first
                    + " on: the first must be at least 0, the count at least 1");
        }
    }

    public List<Integer> ranks() {
        return IntStream.range(first, first + count).boxed().toList();
    }
}
