package dev.scc.fabric.verify;

import dev.scc.host.Bounds;
import dev.scc.host.NodeName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The nodes of one verification that nobody waits for any longer, because enough is known of them. Nodes are added while it
 * runs. Thread-safe.
 */
public final class PassedOver {
    private final Map<NodeName, String> nodes = new ConcurrentHashMap<>();

    /**
     * From now on nobody waits for it. What was said of it first stays.
     *
     * @param why as the results of its other pairs are to give it
     */
    public void add(NodeName node, String why) {
        nodes.putIfAbsent(node, Bounds.cut(why, ProbeOutcome.LONGEST_REASON));
    }

    /** Why the pair is not to be tried, or not any longer; empty if it is. */
    public Optional<String> why(Pair pair) {
        return Optional.ofNullable(nodes.get(pair.active())).or(() -> Optional.ofNullable(nodes.get(pair.passive())));
    }
}
