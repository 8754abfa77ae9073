package dev.scc.fabric.verbs;

import dev.scc.fabric.verify.Flow;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.LoadPlan;
import dev.scc.fabric.verify.Pair;
import dev.scc.host.Ipv4;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's part of all rounds of a load. Rounds have fixed times after the start, which is about the same for all nodes:
 * connections are made first, and what is measured is the middle half of the time in which all flows run, so that nodes may
 * begin apart by a quarter of it.
 *
 * @param step for one answer of a partner that is already connected
 */
record LoadRounds(LoadPlan plan, Place place, Duration step) {
    private static final Logger log = LoggerFactory.getLogger(LoadRounds.class);

    /** For the connections of a round. A flow whose connection takes longer begins late. */
    private static final Duration CONNECTING = Duration.ofSeconds(2);

    /** For which the flows of a round run. */
    private static final Duration RUNNING = Duration.ofSeconds(2);

    /** For comparing the bytes and closing the connections. */
    private static final Duration ENDING = Duration.ofMillis(500);

    private static final Duration ROUND = CONNECTING.plus(RUNNING).plus(ENDING);
    /** A partner that is still not there after this time does not come. */
    private static final Duration LATE = Duration.ofSeconds(10);

    /** How long a load of so many rounds takes at most. */
    static Duration longest(int rounds) {
        return ROUND.multipliedBy(rounds).plus(LATE.multipliedBy(2));
    }

    void run(Consumer<FlowResult> results) throws InterruptedException {
        long start = System.nanoTime();
        List<List<Flow>> rounds = plan.rounds();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("flow-", 0).factory())) {
            for (int round = 0; round < rounds.size(); round++) {
                round(round, rounds.get(round), start + round * ROUND.toNanos(), threads, results);
            }
        }
    }

    private void round(int round, List<Flow> flows, long start, ExecutorService threads, Consumer<FlowResult> results)
            throws InterruptedException {
        sleepUntil(start);
        List<Future<?>> parts = new ArrayList<>();
        for (Flow flow : flows) {
            Pair pair = new Pair(flow.from(), flow.to());
            Ipv4 partner = pair.has(plan.self()) ? plan.address(pair.other(plan.self())) : place.address();
            if (flow.from().equals(plan.self())) {
                parts.add(threads.submit(() -> {
                    results.accept(new FlowResult(round, flow, send(pair, round, partner, start)));
                    return null;
                }));
            } else if (flow.to().equals(plan.self())) {
                parts.add(threads.submit(() -> {
                    take(pair, round, partner, start);
                    return null;
                }));
            }
        }
        try {
            for (Future<?> part : parts) {
                part.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a flow ended unexpectedly", e.getCause());
        } finally {
            parts.forEach(part -> part.cancel(true));
        }
    }

    private FlowResult.Outcome send(Pair pair, int round, Ipv4 partner, long start) throws InterruptedException {
        Deadline deadline = new Deadline(start + ROUND.plus(LATE).toNanos());
        try (ProbeMemory memory = new ProbeMemory(ProbeMemory.Use.MEASURE)) {
            return new Caller(place, plan.session(), plan.portOf(pair.active()), memory, step)
                    .call(
                            pair,
                            round,
                            partner,
                            deadline,
                            (connection, welcome, before, seed) -> {
                                sleepUntil(start + CONNECTING.toNanos());
                                return new LoadedFlow(connection, place, pair, seed, step)
                                        .run(welcome, before, RUNNING, deadline);
                            },
                            FlowResult.Broken::new);
        }
    }

    private void take(Pair pair, int round, Ipv4 partner, long start) throws InterruptedException {
        Deadline deadline = new Deadline(start + ROUND.plus(LATE).toNanos());
        try (Listener listener = Listener.open(place.address(), plan.portOf(pair.active()));
                ProbeMemory memory = new ProbeMemory(ProbeMemory.Use.MEASURE)) {
            new PassiveProbe(listener, place, plan.session(), memory, step).serve(pair, round, partner, deadline);
        } catch (IOException | ProbeFailed e) {
            log.atWarn()
                    .addKeyValue("node", pair.active())
                    .addKeyValue("why", e.getMessage())
                    .log("flow not taken to its end");
        }
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        Thread.sleep(Duration.ofNanos(Math.max(0, nanos - System.nanoTime())));
    }
}
