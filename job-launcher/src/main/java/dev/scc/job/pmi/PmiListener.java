package dev.scc.job.pmi;

import dev.scc.job.JobLimits;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.net.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the ranks of one node connect: a TCP port of the loopback interface. PMI-1 has no authentication, so it is
 * reachable from this node only.
 */
public final class PmiListener implements AutoCloseable {
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);
    private static final Logger log = LoggerFactory.getLogger(PmiListener.class);

    /** What happens to the lines of one connection. */
    public interface Conversation {

        /** A line came, without its newline. */
        void received(String line) throws InterruptedException;

        /** The rank has said more than there may be; the connection breaks. */
        void exceeded(String why) throws InterruptedException;

        /** The rank closed the connection, or it broke. */
        void ended() throws InterruptedException;
    }

    /** Decides what to do with a new connection. */
    @FunctionalInterface
    public interface Acceptor {
        Conversation accept(PmiPeer peer);
    }

    /** In milliseconds, for the first line: each program of MPICH says it at once. */
    private static final int GREETING = 30_000;

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final ServerSocket socket;
    private final Acceptor acceptor;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private PmiListener(ServerSocket socket, Acceptor acceptor) {
        this.socket = socket;
        this.acceptor = acceptor;
    }

    /** Listens on a free port of 127.0.0.1, which is the loopback of wherever {@code sockets} are. */
    public static PmiListener start(ServerSocketFactory sockets, Acceptor acceptor) throws IOException {
        PmiListener listener =
                new PmiListener(sockets.createServerSocket(0, 1024, InetAddress.getByAddress(LOOPBACK)), acceptor);
        Thread.ofVirtual().name("pmi-accept").start(listener::acceptAll);
        return listener;
    }

    public int port() {
        return socket.getLocalPort();
    }

    private void acceptAll() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connection.setTcpNoDelay(true);
                open.add(connection);
                Thread.ofVirtual().name("pmi-rank").start(() -> converse(connection));
            } catch (IOException e) {
                afterFailure(e);
            }
        }
    }

    /** Such as that this process has no descriptor left: that stays so for a while. */
    private void afterFailure(IOException e) {
        if (!socket.isClosed()) {
            log.atWarn().addKeyValue("why", e.toString()).log("no PMI connections for a moment");
            LockSupport.parkNanos(AFTER_FAILURE.toNanos());
        }
    }

    private void converse(Socket connection) {
        try (connection) {
            Conversation conversation = acceptor.accept(new SocketPeer(connection));
            try {
                BoundedLines lines = new BoundedLines(connection.getInputStream(), JobLimits.PMI_LINE);
                connection.setSoTimeout(GREETING);
                for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                    connection.setSoTimeout(0);
                    conversation.received(line.get());
                }
            } catch (BoundedLines.TooLong e) {
                conversation.exceeded("a rank has said a PMI line of more than " + JobLimits.PMI_LINE + " bytes");
            } catch (IOException e) {
                log.atDebug().setCause(e).log("PMI connection broke");
            }
            conversation.ended();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("PMI connection did not close");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(connection);
        }
    }

    @Override
    public void close() {
        closeQuietly(socket);
        open.forEach(PmiListener::closeQuietly);
    }

    private static void closeQuietly(Closeable closed) {
        try {
            closed.close();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("PMI socket did not close");
        }
    }

    private record SocketPeer(Socket connection) implements PmiPeer {
        @Override
        public void send(String line) {
            try {
                OutputStream stream = connection.getOutputStream();
                synchronized (connection) {
                    stream.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                log.atDebug().setCause(e).log("PMI rank is gone");
            }
        }

        @Override
        public void drop(String why) {
            log.atWarn().addKeyValue("why", why).log("PMI connection dropped");
            closeQuietly(connection);
        }
    }
}
