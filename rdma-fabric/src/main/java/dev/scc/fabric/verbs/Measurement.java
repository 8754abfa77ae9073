package dev.scc.fabric.verbs;

import dev.scc.fabric.inventory.RdmaCounters;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** What the active side does with a partner who has taken its probe. */
record Measurement(Connection connection, Place place, Pair pair, long seed, Duration step) {
    private static final int WARM_UP = 10;
    private static final int PINGS = 100;
    /** Slow fabrics get fewer round trips and fewer blocks. */
    private static final Duration PINGING = Duration.ofMillis(500);

    private static final Duration MOVING = Duration.ofMillis(60);
    private static final int MOST_BLOCKS = 1024;
    /** No RoCE packet carries more, in bytes: so this many packets at least have moved. */
    static final int LARGEST_PACKET = 4096;

    /** How many packets a block makes at least. */
    static final int BLOCK_PACKETS = ProbeMemory.BLOCK / LARGEST_PACKET;

    ProbeResult run(Message.Welcome welcome, RdmaCounters before, Deadline deadline)
            throws IOException, ProbeFailed, InterruptedException {
        Histogram latency = pingPong(deadline);
        Rate written = write(welcome, deadline);
        Rate read = read(welcome, deadline);
        connection.send(new Message.Done(), deadline.orIn(step));
        if (!(receive(deadline) instanceof Message.Counted theirs)) {
            throw new ProbeFailed(pair.passive() + " did not tell its counters");
        }
        RdmaCounters ours = place.counters().since(before);
        long pings = latency.getTotalCount() + WARM_UP;
        long there = pings + (long) written.blocks * BLOCK_PACKETS;
        long back = pings + (long) read.blocks * BLOCK_PACKETS;
        CounterProof proof = new CounterProof(pair, there, back);
        proof.check(
                ours.sentPackets(),
                ours.receivedPackets(),
                theirs.sent() - welcome.sent(),
                theirs.received() - welcome.received());
        return ProbeResult.passed(
                pair,
                new ProbeOutcome.Passed(
                        latency.getValueAtPercentile(50) / 1000.0,
                        latency.getValueAtPercentile(99) / 1000.0,
                        written.megabytesPerSecond(),
                        read.megabytesPerSecond(),
                        ours.sentPackets()));
    }

    /** Half round trips in nanoseconds. */
    private Histogram pingPong(Deadline deadline) throws IOException, ProbeFailed, InterruptedException {
        Histogram latency = new Histogram(3);
        Deadline enough = Deadline.in(PINGING);
        for (int number = 0; number < WARM_UP + PINGS; number++) {
            long start = System.nanoTime();
            Message.Ping ping = new Message.Ping(number);
            connection.send(ping, deadline.orIn(step));
            Message answer = receive(deadline);
            long half = (System.nanoTime() - start) / 2;
            if (!answer.equals(ping)) {
                throw new ProbeFailed(pair.passive() + " sent back something else than it was sent");
            }
            if (number >= WARM_UP) {
                latency.recordValue(Math.max(1, half));
                if (enough.passed()) {
                    break;
                }
            }
        }
        return latency;
    }

    private Rate write(Message.Welcome welcome, Deadline deadline)
            throws IOException, ProbeFailed, InterruptedException {
        SeededBytes.fill(connection.memory().out(), seed);
        Rate rate = Rate.of(again -> connection.write(welcome.writeTo(), welcome.key(), again, deadline.orIn(step)));
        connection.send(new Message.Compare(), deadline.orIn(step));
        if (!(receive(deadline) instanceof Message.Compared compared)) {
            throw new ProbeFailed(pair.passive() + " did not compare what was written");
        }
        if (!compared.difference().isEmpty()) {
            throw new ProbeFailed("RDMA WRITE changed bytes: " + compared.difference());
        }
        return rate;
    }

    private Rate read(Message.Welcome welcome, Deadline deadline)
            throws IOException, ProbeFailed, InterruptedException {
        SeededBytes.clear(connection.memory().in());
        Rate rate = Rate.of(again -> connection.read(welcome.readFrom(), welcome.key(), again, deadline.orIn(step)));
        Optional<String> difference = SeededBytes.difference(connection.memory().in(), ~seed);
        if (difference.isPresent()) {
            throw new ProbeFailed("RDMA READ changed bytes: " + difference.get());
        }
        return rate;
    }

    private Message receive(Deadline deadline) throws IOException, ProbeFailed, InterruptedException {
        return connection.receive(deadline.orIn(step), pair.passive() + " stopped answering");
    }

    private record Rate(int blocks, long nanos) {
        static Rate of(Mover mover) throws IOException, ProbeFailed, InterruptedException {
            Deadline enough = Deadline.in(MOVING);
            long start = System.nanoTime();
            int blocks = mover.move(done -> done < MOST_BLOCKS && !enough.passed());
            return new Rate(blocks, System.nanoTime() - start);
        }

        double megabytesPerSecond() {
            return (double) blocks * ProbeMemory.BLOCK * 1000 / nanos;
        }
    }

    @FunctionalInterface
    private interface Mover {
        int move(Connection.Again again) throws IOException, ProbeFailed, InterruptedException;
    }
}
