package dev.scc.cluster.front;

import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.world.World;
import dev.scc.cluster.world.WorldReader;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** The world as one server knows it, brought up to date when somebody asks, once for all who ask meanwhile. Thread-safe. */
final class WorldCache {
    private final Tree tree;
    private final WorldReader reader;
    private final InstantSource clock;
    private final AtomicLong asked = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<World> latest = Optional.empty();

    /** Who had asked before {@link #latest} was read. */
    private long answered;

    WorldCache(Tree tree, InstantSource clock) {
        this.tree = tree;
        this.reader = WorldReader.watching(tree);
        this.clock = clock;
    }

    /** Shows at least what had been written before this call, by anybody. */
    World now() throws ConnectionLost, InterruptedException {
        long mine = asked.incrementAndGet();
        lock.lockInterruptibly();
        try {
            if (answered >= mine) {
                return latest.orElseThrow();
            }
            long upTo = asked.get();
            tree.sync();
            World world = reader.read(clock.instant());
            latest = Optional.of(world);
            answered = upTo;
            return world;
        } finally {
            lock.unlock();
        }
    }
}
