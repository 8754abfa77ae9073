package dev.scc.fabric.verbs;

import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import dev.scc.fabric.inventory.RdmaCounters;
import dev.scc.fabric.verify.Pair;
import dev.scc.host.Ipv4;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The passive side of probes: accepts, echoes, compares what was written, lends what is read. */
record PassiveProbe(Listener listener, Place place, String session, ProbeMemory memory, Duration step) {
    private static final Logger log = LoggerFactory.getLogger(PassiveProbe.class);
    /** After so long without a request it is looked whether the active side is there at all. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /**
     * Serves one probe of this round to its end. Connections that are not that are turned away.
     *
     * @throws ProbeFailed if none comes before the deadline, or it breaks off; the active side reports why
     */
    void serve(Pair pair, int round, Ipv4 active, Deadline deadline)
            throws ProbeFailed, IOException, InterruptedException {
        boolean served = false;
        while (!served) {
            served = answer(await(active, deadline), pair, round, deadline);
        }
    }

    /**
     * Accepts a request, and serves the probe to its end if it is that of this pair and round.
     *
     * @param id is released in the end
     * @return whether it was that one
     */
    boolean answer(RdmaCmId id, Pair pair, int round, Deadline deadline)
            throws ProbeFailed, IOException, InterruptedException {
        try (Connection connection = new Connection(id, memory, () -> listener.gone(id))) {
            RdmaConnParam wanted = Attempts.parameters();
            id.accept(wanted);
            listener.awaitEstablished(id, deadline.orIn(step));
            return greet(connection, pair, round, deadline);
        } finally {
            listener.forget(id);
        }
    }

    /** As the listener does, but no longer than there is somebody to wait for. */
    private RdmaCmId await(Ipv4 active, Deadline deadline) throws ProbeFailed, IOException, InterruptedException {
        int silences = 0;
        while (true) {
            try {
                return listener.await(active, deadline.orIn(silences == 0 ? PATIENCE : Duration.ZERO));
            } catch (ProbeFailed e) {
                if (deadline.passed() || silences == Caller.SILENCES) {
                    throw e;
                }
            }
            silences = isAnybodyThere(active, deadline) ? 0 : silences + 1;
        }
    }

    private boolean isAnybodyThere(Ipv4 active, Deadline deadline) throws IOException, InterruptedException {
        try (CmChannel channel = CmChannel.open()) {
            return new Attempts(channel, place, active, listener.port(), memory).isAnybodyThere(deadline);
        }
    }

    private boolean greet(Connection connection, Pair pair, int round, Deadline deadline)
            throws ProbeFailed, IOException, InterruptedException {
        Message first;
        try {
            first = connection.receive(deadline.orIn(step), "no greeting from " + pair.active());
        } catch (Message.OtherVersion e) {
            refuse(connection, String.valueOf(e.getMessage()), deadline);
            throw e;
        }
        String objection = objection(first, pair, round);
        if (objection.isEmpty()) {
            try {
                place.check(connection.id());
            } catch (ProbeFailed e) {
                objection = e.why();
            }
        }
        if (first instanceof Message.Hello hello && objection.isEmpty()) {
            serve(connection, hello, pair, deadline);
            return true;
        }
        log.atDebug()
                .addKeyValue("node", pair.active())
                .addKeyValue("why", objection)
                .log("turned a probe away");
        refuse(connection, objection, deadline);
        return false;
    }

    private void refuse(Connection connection, String why, Deadline deadline)
            throws ProbeFailed, IOException, InterruptedException {
        connection.send(new Message.Refused(why), deadline.orIn(step));
        connection.flush(deadline.orIn(step));
    }

    private String objection(Message first, Pair pair, int round) {
        if (!(first instanceof Message.Hello hello)) {
            return pair.passive() + " expected a greeting";
        }
        if (!hello.session().equals(session)) {
            return pair.passive() + " takes part in verification " + session + ", not " + hello.session();
        }
        String expected = "pair %s in round %d on VLAN %s".formatted(pair, round, place.vlan());
        String offered = "pair %s-%s in round %d on VLAN %d"
                .formatted(hello.active(), hello.passive(), hello.round(), hello.vlan());
        return offered.equals(expected) ? "" : pair.passive() + " expects " + expected + ", not " + offered;
    }

    private void serve(Connection connection, Message.Hello hello, Pair pair, Deadline deadline)
            throws ProbeFailed, IOException, InterruptedException {
        SeededBytes.clear(memory.in());
        SeededBytes.fill(memory.out(), ~hello.seed());
        RdmaCounters before = counters();
        connection.send(
                new Message.Welcome(
                        memory.inAddress(),
                        memory.outAddress(),
                        connection.key(),
                        before.sentPackets(),
                        before.receivedPackets()),
                deadline.orIn(step));
        while (true) {
            // The active side may be busy with writing and reading, of which nothing is to be seen here.
            Message message = connection.receive(deadline.orIn(step.multipliedBy(2)), "no word from " + pair.active());
            switch (message) {
                case Message.Ping ping -> connection.send(ping, deadline.orIn(step));
                case Message.Compare ignored ->
                    connection.send(
                            new Message.Compared(SeededBytes.difference(memory.in(), hello.seed())
                                    .orElse("")),
                            deadline.orIn(step));
                case Message.Done ignored -> {
                    RdmaCounters after = counters();
                    connection.send(
                            new Message.Counted(after.sentPackets(), after.receivedPackets()), deadline.orIn(step));
                    connection.flush(deadline.orIn(step));
                    return;
                }
                default -> throw new ProbeFailed(pair.active() + " sent what does not belong here");
            }
        }
    }

    /** Who only watches needs none: reading them takes longer than the rest. */
    private RdmaCounters counters() throws IOException {
        return memory.use() == ProbeMemory.Use.MEASURE ? place.counters() : new RdmaCounters(0, 0, Map.of());
    }
}
