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
    private final int most;

    /** @param most how many connections its ranks may ever make */
    PmiRelay(ServerSocketFactory sockets, int most, Uplink uplink) throws IOException {
        this.uplink = uplink;
        this.most = most;
        listener = PmiListener.start(sockets, this::accept);
    }

    int port() {
        return listener.port();
    }

    private PmiListener.Conversation accept(PmiPeer peer) {
        int connection = connections.incrementAndGet();
        if (connection > most) {
            peer.drop("one of more than " + most + " PMI connections");
            return new Refused(connection == most + 1);
        }
        peers.put(connection, peer);
        return new PmiListener.Conversation() {
            @Override
            public void received(String line) throws InterruptedException {
                uplink.send(new NodeEvent.PmiReceived(connection, line));
            }

            @Override
            public void exceeded(String why) throws InterruptedException {
                uplink.send(new NodeEvent.Excess(why));
            }

            @Override
            public void ended() {
                peers.remove(connection);
            }
        };
    }

    /** What comes of a connection too many; of the first the lead hears. */
    private final class Refused implements PmiListener.Conversation {
        private final boolean first;

        Refused(boolean first) {
            this.first = first;
        }

        @Override
        public void received(String line) {
            // The connection is broken already.
        }

        @Override
        public void exceeded(String why) {
            // That it is one too many has been said.
        }

        @Override
        public void ended() throws InterruptedException {
            if (first) {
                uplink.send(new NodeEvent.Excess("the job has made more than " + most + " PMI connections"));
            }
        }
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
