package dev.scc.cluster.rpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import javax.net.ServerSocketFactory;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Sockets whose connections end when the other machine does not answer any more. Its kernel answers for a process that is
 * stopped or busy, so that this tells a machine that is gone from a process that is silent, which gRPC's own pings cannot.
 * While something that was sent is not acknowledged TCP does not probe but repeats it, and gives up after some 15 minutes.
 */
final class ProbedSockets extends ServerSocketFactory {
    private static final int IDLE_SECONDS = 10;
    private static final int BETWEEN_SECONDS = 5;
    private static final int PROBES = 4;

    private final ServerSocketFactory sockets;

    ProbedSockets(ServerSocketFactory sockets) {
        this.sockets = sockets;
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return new Listening(sockets.createServerSocket());
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return new Listening(sockets.createServerSocket(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return new Listening(sockets.createServerSocket(port, backlog));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address) throws IOException {
        return new Listening(sockets.createServerSocket(port, backlog, address));
    }

    /** Another socket, with something done to what it accepts. */
    private static final class Listening extends ServerSocket {
        private final ServerSocket socket;

        Listening(ServerSocket socket) throws IOException {
            this.socket = socket;
        }

        @Override
        public Socket accept() throws IOException {
            Socket accepted = socket.accept();
            accepted.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            accepted.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
            accepted.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, BETWEEN_SECONDS);
            accepted.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
            return accepted;
        }

        @Override
        public void bind(SocketAddress address) throws IOException {
            socket.bind(address);
        }

        @Override
        public void bind(SocketAddress address, int backlog) throws IOException {
            socket.bind(address, backlog);
        }

        @Override
        public InetAddress getInetAddress() {
            return socket.getInetAddress();
        }

        @Override
        public int getLocalPort() {
            return socket.getLocalPort();
        }

        @Override
        public SocketAddress getLocalSocketAddress() {
            return socket.getLocalSocketAddress();
        }

        @Override
        public boolean isBound() {
            return socket.isBound();
        }

        @Override
        public boolean isClosed() {
            return socket.isClosed();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }

        @Override
        public String toString() {
            return socket.toString();
        }
    }
}
