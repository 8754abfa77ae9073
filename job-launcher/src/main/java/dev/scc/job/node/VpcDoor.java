package dev.scc.job.node;

import dev.scc.host.Ipv4;
import dev.scc.host.Location;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port at the node's address in its cluster's VPC that takes connections and says nothing: whoever reaches it, reaches what
 * ranks listen on. MPI libraries wait for ever for a peer whose packets a firewall drops, and say nothing.
 */
final class VpcDoor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(VpcDoor.class);
    private static final int BACKLOG = 16;

    private final ServerSocket server;

    private VpcDoor(ServerSocket server) {
        this.server = server;
    }

    /** @throws IOException if the node does not have that address */
    static VpcDoor open(Location location, Ipv4 own) throws IOException {
        try {
            VpcDoor door = new VpcDoor(location.sockets().createServerSocket(0, BACKLOG, address(own)));
            Thread.ofVirtual().name("job-vpc").start(door::welcome);
            return door;
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen at its address " + own + " in the cluster's VPC: " + e.getMessage(), e);
        }
    }

    private static InetAddress address(Ipv4 address) throws IOException {
        return InetAddress.getByName(address.toString());
    }

    private void welcome() {
        while (!server.isClosed()) {
            try (Socket _ = server.accept()) {
                log.atTrace().log("a node of the job reaches this one");
            } catch (IOException e) {
                log.atTrace().setCause(e).log("nobody else is let in");
            }
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** Why a door of another node is not reached within that time; empty if it is. */
    static Optional<String> knock(Location location, Ipv4 address, int port, Duration patience)
            throws InterruptedException {
        String failure;
        try (SocketChannel channel = location.network().inside(SocketChannel::open)) {
            channel.socket()
                    .connect(new InetSocketAddress(address(address), port), Math.toIntExact(patience.toMillis()));
            return Optional.empty();
        } catch (SocketTimeoutException e) {
            failure = "no answer within " + patience.toSeconds() + " s";
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
        }
        return Optional.of(failure);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("a door to the VPC did not close");
        }
    }
}
