package dev.scc.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of loopback that nobody has at the moment. They are below those that the kernel gives to connections, of which tests that
 * run meanwhile make many: such a one could be taken before it is used, or used again. For the same reason no port is given
 * twice in a process, and processes that run side by side look in different places first. Thread-safe.
 */
public final class FreePorts {
    private static final int FIRST = 15_000;
    private static final int COUNT = 15_000;

    /** Next to be looked at, counted from the first. */
    private static final AtomicInteger next =
            new AtomicInteger(Math.floorMod(ProcessHandle.current().pid() * 1_009, COUNT));

    private FreePorts() {}

    public static int one() throws IOException {
        return several(1).iterator().next();
    }

    public static Set<Integer> several(int count) throws IOException {
        Set<Integer> ports = new HashSet<>();
        while (ports.size() < count) {
            int port = FIRST + Math.floorMod(next.getAndIncrement(), COUNT);
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                ports.add(port);
            } catch (BindException e) {
                // Taken; the next one.
            }
        }
        return ports;
    }

    /** Waits until nobody has it: a socket goes when the loop that has watched it looks again, a moment after it was closed. */
    public static void awaitFree(int port) {
        await().ignoreExceptionsInstanceOf(BindException.class).until(() -> {
            try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return again.isBound();
            }
        });
    }
}
