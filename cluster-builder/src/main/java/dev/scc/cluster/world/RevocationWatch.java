package dev.scc.cluster.world;

import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Revocations;
import dev.scc.host.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a process knows of those who were put out as the tree has it. */
public final class RevocationWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RevocationWatch.class);

    /** Signals come within milliseconds; this is for one that is lost. */
    private static final long LOOK_ANYWAY_SECONDS = 30;

    private final Tree tree;
    private final Revocations revocations;
    private final Semaphore news = new Semaphore(1);
    private final Thread thread;

    private RevocationWatch(Tree tree, Revocations revocations) {
        this.tree = tree;
        this.revocations = revocations;
        thread = Thread.ofVirtual().name("revocations").unstarted(this::run);
    }

    /** Begins to watch. */
    public static RevocationWatch start(Tree tree, Revocations revocations) {
        RevocationWatch watch = new RevocationWatch(tree, revocations);
        tree.watch(TreeEntry.REVOKED.path(), watch.news::release);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try {
            while (true) {
                if (news.tryAcquire(LOOK_ANYWAY_SECONDS, TimeUnit.SECONDS)) {
                    news.drainPermits();
                }
                look();
            }
        } catch (InterruptedException e) {
            log.atTrace().log("the process ends");
        }
    }

    private void look() throws InterruptedException {
        try {
            List<String> paths = tree.children(TreeEntry.REVOKED.path()).stream()
                    .map(Paths::revoked)
                    .toList();
            Map<Principal, Instant> all = new HashMap<>();
            for (Map.Entry<String, Entry> entry : tree.get(paths).entrySet()) {
                Principal.parse(TreeEntry.REVOKED_ONE.named(entry.getKey()))
                        .ifPresent(principal -> all.put(
                                principal,
                                Instant.ofEpochMilli(Json.read(entry.getValue().text(), Revoked.class)
                                        .signedBeforeMillis())));
            }
            revocations.replace(all);
        } catch (ConnectionLost e) {
            log.atDebug().setCause(e).log("who was put out is not known at the moment");
        } catch (IllegalArgumentException e) {
            log.atError().setCause(e).log("an entry about somebody who was put out cannot be read");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
