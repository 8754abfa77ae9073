package dev.scc.job.node;

import dev.scc.job.pmi.PmiListener;
import dev.scc.job.pmi.PmiPeer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** Carries the PMI-1 lines of this node's ranks to the lead, where the server is, and back. */
final class PmiRelay implements AutoCloseable {

    /** The way to the lead. */
    @FunctionalInterface
    interface Uplink {
        void send(NodeEvent event) throws InterruptedException;
    }

    private final PmiListener listener;
    private final Uplink uplink;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<Integer, PmiPeer> peers = new ConcurrentHashMap<>();

    PmiRelay(ServerSocketFactory sockets, Uplink uplink) throws IOException {
        this.uplink = uplink;
        listener = PmiListener.start(sockets, this::accept);
    }

    int port() {
        return listener.port();
    }

    private PmiListener.Conversation accept(PmiPeer peer) {
        int connection = connections.incrementAndGet();
        peers.put(connection, peer);
        return new PmiListener.Conversation() {
            @Override
            public void received(String line) throws InterruptedException {
                uplink.send(new NodeEvent.PmiReceived(connection, line));
            }

            @Override
            public void ended() {
                peers.remove(connection);
            }
        };
    }

    void send(int connection, String line) {
        PmiPeer peer = peers.get(connection);
        if (peer != null) {
            peer.send(line);
        }
    }

    void drop(int connection, String why) {
        PmiPeer peer = peers.get(connection);
        if (peer != null) {
            peer.drop(why);
        }
    }

    @Override
    public void close() {
        listener.close();
    }
}
