package dev.scc.cli.daemon;

import dev.scc.cluster.controller.Timing;
import dev.scc.cluster.server.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** The controller with its ZooKeeper. */
public final class ServerDaemon {
    private ServerDaemon() {}

    /**
     * Starts it.
     *
     * @param bind where a ZooKeeper of its own listens
     * @param ensemble to use instead
     * @throws IOException if the data directory or the port cannot be used
     */
    public static AutoCloseable start(Path data, String bind, int port, Optional<String> ensemble)
            throws IOException, InterruptedException {
        if (ensemble.isPresent()) {
            return ServerProcess.external(ensemble.get(), data, Timing.usual());
        }
        return ServerProcess.embedded(data, new InetSocketAddress(InetAddress.getByName(bind), port), Timing.usual());
    }
}
