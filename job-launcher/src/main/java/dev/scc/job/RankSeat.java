package dev.scc.job;

import java.util.Optional;

/**
 * Where on its node a rank is that has processors of its own.
 *
 * @param numa the domain of its processors; empty if they are in several
 * @param nearest of several RDMA devices the one that is nearest to them; empty if there is one at most, or nobody knows
 * @param rail the device that it has been given; empty if that was not asked for
 */
public record RankSeat(Optional<Integer> numa, Optional<String> nearest, Optional<String> rail) {}
