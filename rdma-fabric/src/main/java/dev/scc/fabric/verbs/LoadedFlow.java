package dev.scc.fabric.verbs;

import dev.scc.fabric.inventory.RdmaCounters;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.Pair;
import java.io.IOException;
import java.time.Duration;

/** The sending side of a flow whose partner has taken the greeting. */
record LoadedFlow(Connection connection, Place place, Pair pair, long seed, Duration step) {

    /** Writes for so long, then has the bytes compared and the counters checked. */
    FlowResult.Outcome run(Message.Welcome welcome, RdmaCounters before, Duration running, Deadline deadline)
            throws InterruptedException {
        try {
            SeededBytes.fill(connection.memory().out(), seed);
            MiddleRate rate = new MiddleRate(System.nanoTime(), running.toNanos());
            int blocks = connection.write(
                    welcome.writeTo(), welcome.key(), done -> rate.after(done, System.nanoTime()), deadline);
            connection.send(new Message.Compare(), deadline.orIn(step));
            if (!(receive(deadline) instanceof Message.Compared compared)) {
                throw new ProbeFailed(pair.passive() + " did not compare what was written");
            }
            if (!compared.difference().isEmpty()) {
                throw new ProbeFailed("RDMA WRITE changed bytes: " + compared.difference());
            }
            prove(welcome, before, blocks, deadline);
            return new FlowResult.Moved(rate.blocksPerSecond() * ProbeMemory.BLOCK / 1e6);
        } catch (IOException | ProbeFailed e) {
            return new FlowResult.Broken(String.valueOf(e.getMessage()));
        }
    }

    private void prove(Message.Welcome welcome, RdmaCounters before, int blocks, Deadline deadline)
            throws IOException, ProbeFailed, InterruptedException {
        connection.send(new Message.Done(), deadline.orIn(step));
        if (!(receive(deadline) instanceof Message.Counted theirs)) {
            throw new ProbeFailed(pair.passive() + " did not tell its counters");
        }
        RdmaCounters ours = place.counters().since(before);
        new CounterProof(pair, (long) blocks * Measurement.BLOCK_PACKETS, 1)
                .check(
                        ours.sentPackets(),
                        ours.receivedPackets(),
                        theirs.sent() - welcome.sent(),
                        theirs.received() - welcome.received());
    }

    private Message receive(Deadline deadline) throws IOException, ProbeFailed, InterruptedException {
        return connection.receive(deadline.orIn(step), pair.passive() + " stopped answering");
    }
}
