package dev.scc.cluster.ha;

import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.server.TreeKeeper;
import dev.scc.cluster.zk.Ensemble;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A server as a process of its own: {@code DATA SECONDS PORT member PEERS NAME} or {@code DATA SECONDS PORT external HOSTS}. */
final class ServerMain {
    private ServerMain() {}

    public static void main(String[] args) throws Exception {
        TreeKeeper keeper = switch (args[3]) {
            case "member" -> new TreeKeeper.Member(Ensemble.parse(args[4]), args[5]);
            case "external" -> new TreeKeeper.External(args[4]);
            default -> throw new IllegalArgumentException(args[3]);
        };
        InetSocketAddress api = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2]));
        Duration session = Duration.ofSeconds(Long.parseLong(args[1]));
        try (ServerProcess _ = ServerProcess.start(keeper, api, Path.of(args[0]), session, Timing.usual())) {
            new CountDownLatch(1).await();
        }
    }
}
