package dev.scc.fabric.verify;

import java.util.function.Consumer;

/**
 * Carries out one node's part of a verification.
 */
public interface Prober {

    /**
     * Takes part in every round: serves as passive side where the schedule says so, and reports each pair in which this
     * node is the active side. Returns when its last round is over. Never throws for a failed pair: that is a result.
     *
     * @throws CannotVerify if verbs cannot be used on this node at all
     * @throws InterruptedException if the caller gives up; connections are closed first
     */
    void run(ProbePlan plan, Consumer<ProbeResult> results) throws CannotVerify, InterruptedException;
}
