package dev.scc.fabric.verify;

/** Which pairs a verification probes. */
public enum Pattern {
    /** Every pair, in N-1 rounds of disjoint pairs. */
    FULL,
    /** About log2 N rounds in which every node has a partner. */
    QUICK,
    /** None: nothing is known about the fabric. */
    OFF
}
