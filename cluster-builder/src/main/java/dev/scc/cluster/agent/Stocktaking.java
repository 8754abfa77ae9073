package dev.scc.cluster.agent;

import dev.scc.cluster.Unreached;
import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What a node has, and when that is to be looked at again: 20 to 30 s after the last time, never twice the same. Nodes that
 * have been assigned together would otherwise look together ever after, and ask ZooKeeper all at once.
 */
final class Stocktaking {
    private static final Duration SOONEST = Duration.ofSeconds(20);
    private static final Duration LATEST = Duration.ofSeconds(30);

    private final InventorySource source;
    private final Supplier<Optional<ServedCluster>> served;
    private final RandomGenerator random;
    private List<Finding> findings = List.of();
    private Optional<Unreached> unreached = Optional.empty();
    private Optional<NodeInventory> has = Optional.empty();
    private Instant next = Instant.MIN;
    /** What it has may have changed since. */
    private volatile boolean doubtful;

    /** @param node by whose name its moments differ from those of others */
    Stocktaking(InventorySource source, NodeName node) {
        this(source, node, Optional::empty);
    }

    /** @param served by the node now */
    Stocktaking(InventorySource source, NodeName node, Supplier<Optional<ServedCluster>> served) {
        this.source = source;
        this.served = served;
        this.random = new SplittableRandom(node.value().hashCode());
    }

    /** It is time, whatever the time is. Safe for use by any thread. */
    void doubt() {
        doubtful = true;
    }

    /** Whether it is time. A clock that was set back counts as time that has passed. */
    boolean due(Instant now) {
        return doubtful || !now.isBefore(next) || now.plus(LATEST).isBefore(next);
    }

    /** How long until it is time; zero if it is. */
    Duration pause(Instant now) {
        return due(now) ? Duration.ZERO : Duration.between(now, next);
    }

    /** What the node has; looks only if it is time. */
    NodeInventory take(Instant now) throws IOException, CommandFailed, InterruptedException {
        if (due(now)) {
            doubtful = false;
            has = Optional.of(source.read());
            findings = source.findings(served.get());
            unreached = source.unreached();
            next = now.plus(SOONEST)
                    .plusMillis(random.nextLong(LATEST.minus(SOONEST).toMillis()));
        }
        return has.orElseThrow();
    }

    /** What was found when it was looked at last. */
    List<Finding> findings() {
        return findings;
    }

    /** Whom it did not reach when it was looked at last. */
    Optional<Unreached> unreached() {
        return unreached;
    }

    /** What it has at this moment; if that is news, it is time to report it. */
    NodeInventory now(Instant now) throws IOException, CommandFailed {
        NodeInventory fresh = source.read();
        if (!has.equals(Optional.of(fresh))) {
            has = Optional.of(fresh);
            next = now;
        }
        return fresh;
    }

    /** What it had when it was looked at last; looks if it never was. */
    NodeInventory last() throws IOException, CommandFailed {
        return has.isPresent() ? has.get() : source.read();
    }
}
