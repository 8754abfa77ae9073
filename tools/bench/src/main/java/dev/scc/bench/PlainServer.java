package dev.scc.bench;

import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** {@code scc server} without proofs of who anybody is, which the command line does not offer. */
final class PlainServer {
    private PlainServer() {}

    /** Arguments: its data directory, the port of ZooKeeper, and that of its API. */
    public static void main(String[] args) throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerProcess _ = ServerProcess.embedded(
                Path.of(args[0]),
                new InetSocketAddress(here, Integer.parseInt(args[1])),
                new InetSocketAddress(here, Integer.parseInt(args[2])),
                Security.OPEN,
                Timing.usual())) {
            new CountDownLatch(1).await();
        }
    }
}
