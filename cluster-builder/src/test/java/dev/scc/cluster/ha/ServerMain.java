package dev.scc.cluster.ha;

import dev.scc.cluster.controller.Timing;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.server.TreeKeeper;
import dev.scc.cluster.zk.Ensemble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A server as a process of its own: {@code DATA SECONDS member PEERS NAME} or {@code DATA SECONDS external HOSTS}. */
final class ServerMain {
    private ServerMain() {}

    public static void main(String[] args) throws Exception {
        TreeKeeper keeper = switch (args[2]) {
            case "member" -> new TreeKeeper.Member(Ensemble.parse(args[3]), args[4]);
            case "external" -> new TreeKeeper.External(args[3]);
            default -> throw new IllegalArgumentException(args[2]);
        };
        Duration session = Duration.ofSeconds(Long.parseLong(args[1]));
        try (ServerProcess _ = ServerProcess.start(keeper, Path.of(args[0]), session, Timing.usual())) {
            new CountDownLatch(1).await();
        }
    }
}
