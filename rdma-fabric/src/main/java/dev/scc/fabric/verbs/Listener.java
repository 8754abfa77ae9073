package dev.scc.fabric.verbs;

import com.ibm.disni.verbs.RdmaCmId;
import dev.scc.fabric.verbs.CmChannel.CmEvent;
import dev.scc.host.Ipv4;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Listens on this node's segment address. A request of a node whose round has not come yet is kept until then: the kernel's
 * connection manager has told its sender to be patient.
 */
final class Listener implements AutoCloseable {
    private static final int BACKLOG = 64;

    private final CmChannel channel;
    private final RdmaCmId id;
    private final int port;
    private final Map<Ipv4, RdmaCmId> requests = new HashMap<>();
    private final Set<RdmaCmId> established = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean removed;
    private final Set<RdmaCmId> gone = Collections.newSetFromMap(new IdentityHashMap<>());

    private Listener(CmChannel channel, RdmaCmId id, int port) {
        this.channel = channel;
        this.id = id;
        this.port = port;
    }

    static Listener open(Ipv4 address, int port) throws IOException {
        CmChannel channel = CmChannel.open();
        try {
            RdmaCmId id = channel.newId();
            try {
                id.bindAddr(CmChannel.socket(address, port));
                id.listen(BACKLOG);
                return new Listener(channel, id, port);
            } catch (IOException e) {
                Release.quietly("listening id", id::destroyId);
                throw new IOException("cannot listen on " + address + " port " + port + ": " + e.getMessage(), e);
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** On which it listens. */
    int port() {
        return port;
    }

    /** The newest request of the node with this segment address. The caller owns the id, and forgets it in the end. */
    RdmaCmId await(Ipv4 from, Deadline deadline) throws IOException, ProbeFailed, InterruptedException {
        // All that has come first: of several requests of a node only the last is still of use.
        drain();
        RdmaCmId request = requests.remove(from);
        while (request == null) {
            deadline.check("no connection request from " + from);
            take(deadline.slice());
            request = requests.remove(from);
        }
        return request;
    }

    /** A request to connect. */
    record Request(Ipv4 from, RdmaCmId id) {}

    /**
     * A request of any node with one of these addresses, if one is there or comes within {@code millis}; others are turned away.
     * The caller owns the id, and forgets it in the end.
     *
     * @throws IOException if nothing can come any more
     */
    Optional<Request> next(Set<Ipv4> from, int millis) throws IOException {
        drain();
        if (removed) {
            throw new IOException("the RDMA device has gone");
        }
        if (requests.isEmpty()) {
            take(millis);
        }
        Iterator<Map.Entry<Ipv4, RdmaCmId>> all = requests.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Ipv4, RdmaCmId> request = all.next();
            all.remove();
            if (from.contains(request.getKey())) {
                return Optional.of(new Request(request.getKey(), request.getValue()));
            }
            Release.quietly("connection request", request.getValue()::destroyId);
        }
        return Optional.empty();
    }

    void awaitEstablished(RdmaCmId connection, Deadline deadline)
            throws IOException, ProbeFailed, InterruptedException {
        while (!established.contains(connection)) {
            if (gone.contains(connection)) {
                throw new ProbeFailed("the connection failed before it was established");
            }
            deadline.check("connection not established");
            take(deadline.slice());
        }
    }

    boolean gone(RdmaCmId connection) throws IOException {
        drain();
        return gone.contains(connection);
    }

    void forget(RdmaCmId connection) {
        established.remove(connection);
        gone.remove(connection);
    }

    private void drain() throws IOException {
        while (take(0)) {
            // Everything is done by take.
        }
    }

    private boolean take(int millis) throws IOException {
        Optional<CmEvent> event = channel.next(millis);
        event.ifPresent(this::sort);
        return event.isPresent();
    }

    private void sort(CmEvent event) {
        RdmaCmId about = event.id();
        switch (event.type()) {
            case RDMA_CM_EVENT_CONNECT_REQUEST -> keep(about);
            case RDMA_CM_EVENT_ESTABLISHED -> established.add(about);
            case RDMA_CM_EVENT_TIMEWAIT_EXIT -> {
                // The kernel is through with a connection that was given up long before.
            }
            default -> {
                if (about.equals(id)) {
                    removed = true;
                } else if (requests.values().remove(about)) {
                    Release.quietly("connection request", about::destroyId);
                } else {
                    gone.add(about);
                }
            }
        }
    }

    private void keep(RdmaCmId request) {
        Optional<Ipv4> from;
        try {
            from = CmChannel.ipv4(request.getDestination());
        } catch (IOException e) {
            from = Optional.empty();
        }
        RdmaCmId useless = from.isPresent() ? requests.put(from.get(), request) : request;
        if (useless != null) {
            Release.quietly("connection request", useless::destroyId);
        }
    }

    /** Turns away whoever still waits. */
    @Override
    public void close() {
        requests.values().forEach(request -> Release.quietly("connection request", request::destroyId));
        Release.quietly("listening id", id::destroyId);
        channel.close();
    }
}
