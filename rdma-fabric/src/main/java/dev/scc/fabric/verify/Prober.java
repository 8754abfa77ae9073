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
     * @param passedOver is looked at again and again: a pair with one of them is reported as not tried, and not waited for
     * @throws CannotVerify if verbs cannot be used on this node at all
     * @throws InterruptedException if the caller gives up; connections are closed first
     */
    void run(ProbePlan plan, PassedOver passedOver, Consumer<ProbeResult> results)
            throws CannotVerify, InterruptedException;

    /**
     * Takes part in every round of flows: sends, and reports what it has sent; takes what others send. Returns when its last
     * round is over. Never throws for a flow that failed.
     *
     * @throws CannotVerify if verbs cannot be used on this node at all
     * @throws InterruptedException if the caller gives up; connections are closed first
     */
    default void load(LoadPlan plan, Consumer<FlowResult> results) throws CannotVerify, InterruptedException {
        throw new CannotVerify("node " + plan.self() + " can put no load on the fabric");
    }
}
