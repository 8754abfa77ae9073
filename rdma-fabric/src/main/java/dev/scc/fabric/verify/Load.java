package dev.scc.fabric.verify;

/** Which flows a verification has at the same time, to show what the fabric does under load. */
public enum Load {
    /** None. */
    NONE,
    /** All pairs of a round at once: every pair once, in N-1 rounds. */
    PAIRS,
    /** Every node to its neighbour in the roster, the last to the first. */
    RING,
    /** Every node of the roster's first half to one of its second half. */
    BISECTION,
    /** All others to one node, in N rounds: each of them once. */
    INCAST
}
