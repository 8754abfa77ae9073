package dev.scc.cluster.zk;

import dev.scc.cluster.trust.LiveCredentials;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log why an ensemble of somebody else's cannot be used, for as long as it cannot: ZooKeeper's client tries again silently. */
final class EnsembleWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EnsembleWatch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Thread thread;

    private EnsembleWatch(Thread thread) {
        this.thread = thread;
    }

    static EnsembleWatch start(
            CuratorTree tree, String hosts, EnsembleDoor.Tls door, Optional<LiveCredentials> credentials) {
        return new EnsembleWatch(Thread.ofVirtual().name("ensemble").start(() -> run(tree, hosts, door, credentials)));
    }

    private static void run(
            CuratorTree tree, String hosts, EnsembleDoor.Tls door, Optional<LiveCredentials> credentials) {
        try {
            while (true) {
                if (!tree.awaitConnected(PATIENCE)) {
                    new EnsembleCheck(door, credentials.map(LiveCredentials::current))
                            .of(hosts)
                            .forEach(EnsembleWatch::tell);
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            log.atTrace().log("the session is over");
        }
    }

    private static void tell(EnsembleCheck.Found found) {
        if (found.state() != EnsembleCheck.State.GOOD) {
            log.atWarn()
                    .addKeyValue("zookeeper", found.host())
                    .addKeyValue("why", found.why())
                    .log("ZooKeeper cannot be used");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
