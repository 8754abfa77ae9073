package dev.scc.fabric.verbs;

import dev.scc.fabric.inventory.RdmaCounters;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.Ipv4;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;

/** The active side of probes: connects, measures, judges. */
record ActiveProbe(Place place, String session, int port, ProbeMemory memory, Duration step) {
    /** Between two attempts to connect: the partner may still be in an earlier round, or not have started yet. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** One probe, tried until the deadline until the partner has taken it. A failure is a result. */
    ProbeResult run(Pair pair, int round, Ipv4 partner, Deadline deadline) throws InterruptedException {
        String obstacle = "no attempt was made";
        try (CmChannel channel = CmChannel.open()) {
            Attempts attempts = new Attempts(channel, place, partner, port, memory);
            for (int attempt = 1; !deadline.passed(); attempt++) {
                try (Connection connection = attempts.connect(deadline)) {
                    RdmaCounters before = place.counters();
                    long seed = new SplittableRandom(31L * session.hashCode() + round).nextLong();
                    Message answer = greet(connection, pair, round, seed, deadline);
                    if (answer instanceof Message.Welcome welcome) {
                        return measured(
                                pair, new Measurement(connection, place, pair, seed, step), welcome, before, deadline);
                    }
                    obstacle = answer instanceof Message.Refused refused
                            ? "refused: " + refused.why()
                            : "answered a greeting with something else";
                } catch (IOException | ProbeFailed e) {
                    // The deadline cuts the last attempt short: what stopped the one before says more.
                    obstacle = deadline.passed() && attempt > 1 ? obstacle : String.valueOf(e.getMessage());
                }
                Thread.sleep(PAUSE);
            }
        } catch (IOException e) {
            obstacle = e.getMessage();
        }
        return ProbeResult.failed(
                pair,
                "no connection to " + pair.passive() + " at " + partner + " on VLAN " + place.vlan() + ": " + obstacle);
    }

    private Message greet(Connection connection, Pair pair, int round, long seed, Deadline deadline)
            throws IOException, ProbeFailed, InterruptedException {
        connection.send(
                new Message.Hello(
                        session,
                        round,
                        pair.active().value(),
                        pair.passive().value(),
                        place.vlan().value(),
                        seed),
                deadline.orIn(step));
        return connection.receive(deadline.orIn(step), "no answer to the greeting");
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
