package dev.scc.fabric.verbs;

import dev.scc.fabric.inventory.RdmaCounters;
import dev.scc.fabric.verify.Pair;
import dev.scc.host.Ipv4;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Connects to a partner, again and again until that one has taken the greeting or enough is known. */
record Caller(Place place, String session, int port, ProbeMemory memory, Duration step) {
    /** Between two attempts to connect: the partner may still be in an earlier round, or not have started yet. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    /**
     * After so many attempts in a row that nobody on the segment answered, each of which takes seconds, nobody is there. A
     * partner that is only late has a kernel that answers.
     */
    static final int SILENCES = 3;

    /** What is done with a partner who has taken the greeting. It is not tried again, and a failure is a result. */
    @FunctionalInterface
    interface Work<T> {
        /** @param before this side's counters before the greeting */
        T with(Connection connection, Message.Welcome welcome, RdmaCounters before, long seed)
                throws InterruptedException;
    }

    /**
     * Returns what the work does, or what comes of the reason why there was no connection until the deadline.
     */
    <T> T call(Pair pair, int round, Ipv4 partner, Deadline deadline, Work<T> work, Function<String, T> failed)
            throws InterruptedException {
        String obstacle = "no attempt was made";
        int silences = 0;
        try (CmChannel channel = CmChannel.open()) {
            Attempts attempts = new Attempts(channel, place, partner, port, memory);
            for (int attempt = 1; silences < SILENCES && !deadline.passed(); attempt++) {
                try (Connection connection = attempts.connect(deadline)) {
                    silences = 0;
                    RdmaCounters before = place.counters();
                    long seed = new SplittableRandom(31L * session.hashCode() + round).nextLong();
                    Message answer = greet(connection, pair, round, seed, deadline);
                    if (answer instanceof Message.Welcome welcome) {
                        return work.with(connection, welcome, before, seed);
                    }
                    obstacle = answer instanceof Message.Refused refused
                            ? "refused: " + refused.why()
                            : "answered a greeting with something else";
                } catch (Message.OtherVersion e) {
                    return failed.apply(pair.passive() + " at " + partner + ": " + e.getMessage());
                } catch (IOException | ProbeFailed e) {
                    silences = e instanceof ProbeFailed missed && missed.isNobodyThere() ? silences + 1 : 0;
                    // The deadline cuts the last attempt short: what stopped the one before says more.
                    obstacle = deadline.passed() && attempt > 1 ? obstacle : String.valueOf(e.getMessage());
                }
                Thread.sleep(PAUSE);
            }
        } catch (IOException e) {
            obstacle = String.valueOf(e.getMessage());
        }
        return failed.apply(
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
}
