package dev.scc.fabric.verbs;

import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import dev.scc.fabric.verbs.CmChannel.CmEvent;
import dev.scc.host.Ipv4;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Connecting from this node's segment address to a partner's, each step with its own deadline. */
record Attempts(CmChannel channel, Place place, Ipv4 partner, int port, ProbeMemory memory) {
    private static final int RESOLVE_MILLIS = 2000;
    /** A request that is answered later than this has got lost, or waits at a partner who will take a newer one as well. */
    private static final Duration ANSWER = Duration.ofSeconds(3);

    /** One attempt. @throws ProbeFailed naming the step that failed */
    Connection connect(Deadline deadline) throws IOException, ProbeFailed, InterruptedException {
        RdmaCmId id = channel.newId();
        boolean handedOver = false;
        try {
            resolve(id, deadline);
            id.resolveRoute(RESOLVE_MILLIS);
            expect(id, EventType.RDMA_CM_EVENT_ROUTE_RESOLVED, "resolving the route", deadline.orIn(ANSWER));
            handedOver = true;
            Connection connection = new Connection(id, memory, () -> lost(id));
            try {
                id.connect(parameters());
                expect(id, EventType.RDMA_CM_EVENT_ESTABLISHED, "connecting", deadline.orIn(ANSWER));
                place.check(id);
                return connection;
            } catch (IOException | ProbeFailed | InterruptedException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } finally {
            if (!handedOver) {
                Release.quietly("connection id", id::destroyId);
            }
        }
    }

    /** Whether somebody on the segment answers for the partner's address. Tries it once. */
    boolean isAnybodyThere(Deadline deadline) throws IOException, InterruptedException {
        RdmaCmId id = channel.newId();
        try {
            resolve(id, deadline);
            return true;
        } catch (ProbeFailed e) {
            return !e.isNobodyThere();
        } finally {
            Release.quietly("connection id", id::destroyId);
        }
    }

    private void resolve(RdmaCmId id, Deadline deadline) throws IOException, ProbeFailed, InterruptedException {
        id.bindAddr(CmChannel.socket(place.address(), 0));
        place.check(id);
        try {
            id.resolveAddr(null, CmChannel.socket(partner, port), RESOLVE_MILLIS);
            expect(id, EventType.RDMA_CM_EVENT_ADDR_RESOLVED, "resolving the address", deadline.orIn(ANSWER));
        } catch (IOException | ProbeFailed e) {
            throw ProbeFailed.nobodyThere(String.valueOf(e.getMessage()));
        }
    }

    /** Retries as often as the protocol can say; this side's own deadlines end the waiting. */
    static RdmaConnParam parameters() throws IOException {
        RdmaConnParam wanted = new RdmaConnParam();
        wanted.setRetry_count((byte) 7);
        wanted.setRnr_retry_count((byte) 7);
        return wanted;
    }

    private void expect(RdmaCmId id, EventType wanted, String step, Deadline deadline)
            throws IOException, ProbeFailed, InterruptedException {
        while (true) {
            Optional<CmEvent> event = channel.next(deadline.slice());
            if (event.isEmpty()) {
                deadline.check(step + ": no answer");
            } else if (id.equals(event.get().id())) {
                if (event.get().type() == wanted) {
                    return;
                }
                String why = step + ": " + explained(event.get());
                throw event.get().type() == EventType.RDMA_CM_EVENT_REJECTED
                        ? ProbeFailed.turnedAway(why)
                        : new ProbeFailed(why);
            }
        }
    }

    private static String explained(CmEvent event) {
        return switch (event.type()) {
            case RDMA_CM_EVENT_ADDR_ERROR -> "address error: nobody on the segment answers for it";
            case RDMA_CM_EVENT_REJECTED -> "rejected: no prober takes connections there";
            case RDMA_CM_EVENT_UNREACHABLE -> "unreachable: no answer to connection requests";
            default -> event.words();
        };
    }

    private boolean lost(RdmaCmId id) throws IOException {
        while (true) {
            Optional<CmEvent> event = channel.next(0);
            if (event.isEmpty()) {
                return false;
            }
            if (id.equals(event.get().id()) && event.get().type() != EventType.RDMA_CM_EVENT_TIMEWAIT_EXIT) {
                return true;
            }
        }
    }
}
