package dev.scc.host;

import dev.scc.host.command.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.Callable;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that listen in a network namespace which this process is not in. A socket stays in the namespace that it was made
 * in, and so do those that it accepts; who made it may be anywhere.
 */
final class NamespaceSockets extends ServerSocketFactory {
    private static final int USUAL_BACKLOG = 50;

    private final NetworkNamespace namespace;

    NamespaceSockets(NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return make(() -> {
            ServerSocket socket = new ServerSocket();
            // Java puts off asking the kernel for a socket until it needs one.
            socket.setReuseAddress(true);
            return socket;
        });
    }

    /** One that is not bound yet. */
    ServerSocketChannel channel() throws IOException {
        return make(ServerSocketChannel::open);
    }

    private <T> T make(Callable<T> maker) throws IOException {
        try {
            return namespace.inside(maker);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a socket was made in " + namespace, e);
        }
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return createServerSocket(port, USUAL_BACKLOG, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return createServerSocket(port, backlog, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address) throws IOException {
        ServerSocket socket = createServerSocket();
        try {
            socket.bind(new InetSocketAddress(address, port), backlog);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
