package dev.scc.cli.daemon;

import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.server.TreeHome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** The controller with its ZooKeeper. */
public final class ServerDaemon {
    private ServerDaemon() {}

    /**
     * Starts it.
     *
     * @param api where it listens for callers
     * @param session how long this server may be silent before another leads
     * @throws IOException if the data directory or a port cannot be used
     */
    public static AutoCloseable start(TreeHome home, InetSocketAddress api, Path data, Duration session)
            throws IOException, InterruptedException {
        return ServerProcess.start(home, api, data, session, Timing.usual());
    }
}
