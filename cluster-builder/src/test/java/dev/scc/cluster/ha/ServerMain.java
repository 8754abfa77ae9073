package dev.scc.cluster.ha;

import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.server.TreeHome;
import dev.scc.cluster.zk.Ensemble;
import dev.scc.cluster.zk.EnsembleDoor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A server as a process of its own: {@code DATA SECONDS PORT member PEERS NAME} or {@code DATA SECONDS PORT external HOSTS}. */
final class ServerMain {
    private ServerMain() {}

    public static void main(String[] args) throws Exception {
        TreeHome home = switch (args[3]) {
            case "member" -> new TreeHome.Member(Ensemble.parse(args[4]), args[5]);
            case "external" -> new TreeHome.External(args[4], new EnsembleDoor.Plain());
            default -> throw new IllegalArgumentException(args[3]);
        };
        InetSocketAddress api = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2]));
        Duration session = Duration.ofSeconds(Long.parseLong(args[1]));
        try (ServerProcess _ =
                ServerProcess.start(home, api, Path.of(args[0]), session, Security.OPEN, Timing.usual())) {
            new CountDownLatch(1).await();
        }
    }
}
