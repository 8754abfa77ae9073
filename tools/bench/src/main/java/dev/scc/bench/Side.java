package dev.scc.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What has been measured of one pool: how long its client waited, and the processor time that its processes took. */
final class Side {
    private final Pool pool;
    private final List<Double> creates = new ArrayList<>();
    private final List<Double> deletes = new ArrayList<>();
    private final List<Double> processor = new ArrayList<>();

    Side(Pool pool) {
        this.pool = pool;
    }

    /** A cluster is made and taken down; answers both in words. */
    String run(boolean counts) throws Exception {
        pool.collectAgents();
        pool.awaitIdle();
        double before = pool.processorSeconds();
        double create = pool.create();
        double after = pool.processorSeconds();
        double delete = pool.delete();
        if (counts) {
            creates.add(create);
            deletes.add(delete);
            processor.add(after - before);
        }
        return String.format(
                Locale.ROOT,
                "create %.3f s (processor %.2f s), delete %.3f s (processor %.2f s)",
                create,
                after - before,
                delete,
                pool.processorSeconds() - after);
    }

    Spread create() {
        return Spread.of(creates);
    }

    Spread delete() {
        return Spread.of(deletes);
    }

    /** Of the servers and the agents during a create. */
    Spread processor() {
        return Spread.of(processor);
    }
}
