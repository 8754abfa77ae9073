package dev.scc.cluster.world;

import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.Rotation;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a process do its part of the replacement of a root, as the tree says how far that is. */
public final class RotationWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RotationWatch.class);

    private static final long LOOK_ANYWAY_MILLIS = 30_000;
    private static final long TRY_AGAIN_MILLIS = 1_000;

    private final Tree tree;
    private final Part part;
    private final Semaphore news = new Semaphore(1);
    private final Thread thread;

    /** What a process does. */
    @FunctionalInterface
    public interface Part {
        /** Whether it is done; if not, it is asked again in a second. */
        boolean isDone(Rotation rotation) throws ConnectionLost, InterruptedException;
    }

    private RotationWatch(Tree tree, Part part) {
        this.tree = tree;
        this.part = part;
        thread = Thread.ofVirtual().name("rotation").unstarted(this::run);
    }

    /** Begins to watch. */
    public static RotationWatch start(Tree tree, Part part) {
        RotationWatch watch = new RotationWatch(tree, part);
        tree.watch(TreeEntry.ROTATION.path(), watch.news::release);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try {
            while (true) {
                if (news.tryAcquire(look() ? LOOK_ANYWAY_MILLIS : TRY_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            log.atTrace().log("the process ends");
        }
    }

    private boolean look() throws InterruptedException {
        try {
            Optional<Entry> entry = tree.get(TreeEntry.ROTATION.path());
            return entry.isEmpty() || part.isDone(entry.get().read(Rotation.class));
        } catch (ConnectionLost e) {
            log.atDebug().setCause(e).log("whether a root is being replaced is not known at the moment");
            return true;
        } catch (IllegalArgumentException e) {
            log.atError().setCause(e).log("the entry about the replacement of a root cannot be read");
            return true;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
