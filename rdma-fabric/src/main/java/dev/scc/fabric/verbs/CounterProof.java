package dev.scc.fabric.verbs;

import dev.scc.fabric.verify.Pair;

/**
 * That the data went through the RDMA devices: their packet counters must have moved by what the data cannot do without.
 *
 * @param there how many packets at least the active side has sent to the passive one
 * @param back how many at least came back
 */
record CounterProof(Pair pair, long there, long back) {

    /**
     * All four are differences between after and before the probe.
     *
     * @throws ProbeFailed if one has moved less than it must have
     */
    void check(long activeSent, long activeReceived, long passiveSent, long passiveReceived) throws ProbeFailed {
        atLeast(there, activeSent, pair.active() + " sent");
        atLeast(back, activeReceived, pair.active() + " received");
        atLeast(there, passiveReceived, pair.passive() + " received");
        atLeast(back, passiveSent, pair.passive() + " sent");
    }

    private static void atLeast(long implied, long counted, String who) throws ProbeFailed {
        if (counted < implied) {
            throw new ProbeFailed(
                    "not proven to be RDMA: the data makes at least %d packets that %s, its device counted %d"
                            .formatted(implied, who, counted));
        }
    }
}
