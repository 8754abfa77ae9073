package dev.scc.fabric.verbs;

import dev.scc.fabric.inventory.RdmaSysfs;
import dev.scc.fabric.mesh.MeshPlace;
import dev.scc.fabric.mesh.MeshProber;
import dev.scc.fabric.mesh.MeshSample;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.ProbeMember;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes of the mesh through DiSNI on this machine's RDMA device: those of a verification without blocks, on a port of their
 * own. Thread-safe; native waits hold up a virtual thread's carrier, so it is for platform threads.
 */
public final class VerbsMesh implements MeshProber {
    private static final Logger log = LoggerFactory.getLogger(VerbsMesh.class);

    /** Of the RDMA connection manager; those of verifications and loads are the two below. */
    static final int PORT = 18517;

    private static final String SESSION = "mesh";
    private static final int WARM_UP = 1;
    private static final int PINGS = 7;
    /** For the whole of a probe, so that a member that is gone holds up the others' turns no longer. */
    private static final Duration PROBE = Duration.ofSeconds(5);

    private static final Duration STEP = Duration.ofSeconds(4);
    private static final int LISTENING_MILLIS = 100;

    @Override
    public Answering answer(MeshPlace place) throws CannotVerify {
        Place here = here(place);
        try {
            Listener listener = Listener.open(place.address(), PORT);
            return new Answers(listener, here, place);
        } catch (IOException e) {
            throw new CannotVerify("cannot answer the mesh's probes: " + e.getMessage(), e);
        }
    }

    @Override
    public MeshSample probe(MeshPlace place, ProbeMember peer, long at) throws CannotVerify, InterruptedException {
        Place here = here(place);
        Pair pair = new Pair(place.self(), peer.node());
        Deadline deadline = Deadline.in(PROBE);
        try (CmChannel channel = CmChannel.open();
                ProbeMemory memory = new ProbeMemory(ProbeMemory.Use.WATCH);
                Connection connection = new Attempts(channel, here, peer.address(), PORT, memory).connect(deadline)) {
            return measured(connection, here, pair, deadline, at);
        } catch (ProbeFailed e) {
            return e.isTurnedAway() ? new MeshSample.TurnedAway(at, e.why()) : new MeshSample.Lost(at, e.why());
        } catch (IOException e) {
            return new MeshSample.Lost(at, String.valueOf(e.getMessage()));
        }
    }

    private static MeshSample measured(Connection connection, Place here, Pair pair, Deadline deadline, long at)
            throws IOException, ProbeFailed, InterruptedException {
        connection.send(
                new Message.Hello(
                        SESSION,
                        0,
                        pair.active().value(),
                        pair.passive().value(),
                        here.vlan().value(),
                        0),
                deadline);
        String silence = pair.passive() + " stopped answering";
        Message greeting = connection.receive(deadline, silence);
        if (greeting instanceof Message.Refused refused) {
            return new MeshSample.TurnedAway(at, refused.why());
        }
        if (!(greeting instanceof Message.Welcome)) {
            throw new ProbeFailed(pair.passive() + " answered a greeting with something else");
        }
        long[] nanos = new long[PINGS];
        for (int number = 0; number < WARM_UP + PINGS; number++) {
            Message.Ping ping = new Message.Ping(number);
            long start = System.nanoTime();
            connection.send(ping, deadline);
            Message answer = connection.receive(deadline, silence);
            if (number >= WARM_UP) {
                nanos[number - WARM_UP] = System.nanoTime() - start;
            }
            if (!answer.equals(ping)) {
                throw new ProbeFailed(pair.passive() + " sent back something else than it was sent");
            }
        }
        connection.send(new Message.Done(), deadline);
        connection.receive(deadline, silence);
        Arrays.sort(nanos);
        return new MeshSample.Answered(at, nanos[PINGS / 2] / 2000.0, nanos[PINGS - 1] / 2000.0);
    }

    private static Place here(MeshPlace place) throws CannotVerify {
        VerbsLibrary.load();
        return new Place(RdmaSysfs.local(), place.device(), place.netdev(), place.vlan(), place.address());
    }

    /** One thread that answers one probe at a time: the next one waits, which its round trips do not show. */
    private static final class Answers implements Answering {
        private final Listener listener;
        private final Place here;
        private final NodeName self;
        private final Map<Ipv4, NodeName> members = new HashMap<>();
        private final Thread thread;

        Answers(Listener listener, Place here, MeshPlace place) {
            this.listener = listener;
            this.here = here;
            this.self = place.self();
            place.members().stream()
                    .filter(member -> !member.node().equals(place.self()))
                    .forEach(member -> members.put(member.address(), member.node()));
            thread = Thread.ofPlatform().name("mesh-answers-" + place.self()).start(this::run);
        }

        private void run() {
            try (ProbeMemory memory = new ProbeMemory(ProbeMemory.Use.WATCH)) {
                PassiveProbe passive = new PassiveProbe(listener, here, SESSION, memory, STEP);
                while (!Thread.currentThread().isInterrupted()) {
                    Optional<Listener.Request> request = listener.next(members.keySet(), LISTENING_MILLIS);
                    if (request.isPresent()) {
                        answer(passive, request.get());
                    }
                }
            } catch (IOException e) {
                log.atWarn().addKeyValue("why", e.getMessage()).log("probes of the mesh are answered no longer");
            } catch (InterruptedException e) {
                log.atTrace().log("closed");
            } finally {
                listener.close();
            }
        }

        private void answer(PassiveProbe passive, Listener.Request request) throws InterruptedException {
            NodeName active =
                    Objects.requireNonNull(members.get(request.from()), "it is one of those that were asked for");
            Pair pair = new Pair(active, self);
            try {
                passive.answer(request.id(), pair, 0, Deadline.in(PROBE));
            } catch (IOException | ProbeFailed e) {
                log.atDebug().addKeyValue("why", e.getMessage()).log("probe of the mesh not served to its end");
            }
        }

        @Override
        public boolean ended() {
            return !thread.isAlive();
        }

        @Override
        public void close() {
            thread.interrupt();
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
