package dev.scc.fabric.verbs;

import dev.scc.fabric.inventory.RdmaCounters;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.Ipv4;
import java.io.IOException;

/** The active side of probes: connects, measures, judges. */
record ActiveProbe(Caller caller) {

    /** One probe, tried until the deadline until the partner has taken it. A failure is a result. */
    ProbeResult run(Pair pair, int round, Ipv4 partner, Deadline deadline) throws InterruptedException {
        return caller.call(
                pair,
                round,
                partner,
                deadline,
                (connection, welcome, before, seed) -> measured(
                        pair,
                        new Measurement(connection, caller.place(), pair, seed, caller.step()),
                        welcome,
                        before,
                        deadline),
                why -> ProbeResult.failed(pair, why));
    }

    /** From here on the pair is not tried again: a probe that breaks off is the very thing to be reported. */
    private static ProbeResult measured(
            Pair pair, Measurement measurement, Message.Welcome welcome, RdmaCounters before, Deadline deadline)
            throws InterruptedException {
        try {
            return measurement.run(welcome, before, deadline);
        } catch (IOException | ProbeFailed e) {
            return ProbeResult.failed(pair, String.valueOf(e.getMessage()));
        }
    }
}
