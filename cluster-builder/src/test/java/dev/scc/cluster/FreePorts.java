package dev.scc.cluster;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Ports of loopback that nobody has at the moment. They are below those that the kernel gives to connections, of which tests that
 * run meanwhile make many: such a one could be taken before it is used, or used again.
 */
public final class FreePorts {
    private static final int FIRST = 15_000;
    private static final int COUNT = 15_000;

    private FreePorts() {}

    public static int one() throws IOException {
        return several(1).iterator().next();
    }

    public static Set<Integer> several(int count) throws IOException {
        Random random = new Random();
        Set<Integer> ports = new HashSet<>();
        while (ports.size() < count) {
            int port = FIRST + random.nextInt(COUNT);
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                ports.add(port);
            } catch (BindException e) {
                // Taken; the next one.
            }
        }
        return ports;
    }
}
