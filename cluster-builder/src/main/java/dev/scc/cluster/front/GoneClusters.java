package dev.scc.cluster.front;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.verify.KeptVerifications;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has what was measured in a cluster forgotten when the cluster has gone: the next one of its name is another. */
final class GoneClusters {
    private static final Logger log = LoggerFactory.getLogger(GoneClusters.class);

    private final Tree tree;
    private final KeptVerifications kept;
    private final AtomicBoolean looking = new AtomicBoolean();

    private GoneClusters(Tree tree, KeptVerifications kept) {
        this.tree = tree;
        this.kept = kept;
    }

    static void forget(Tree tree, KeptVerifications kept) {
        GoneClusters gone = new GoneClusters(tree, kept);
        tree.watch(Paths.CLUSTERS, gone::signal);
    }

    private void signal() {
        if (looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("gone clusters").start(this::look);
        }
    }

    private void look() {
        // What changes from here on signals anew.
        looking.set(false);
        try {
            kept.retain(
                    tree.children(Paths.CLUSTERS).stream().map(ClusterName::new).toList());
        } catch (ConnectionLost e) {
            log.atDebug().setCause(e).log("which clusters there are is not known at the moment");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
