package dev.scc.cluster.change;

import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.world.Held;
import dev.scc.host.NodeName;
import java.util.Optional;

/** A change of the ENIs of a node. */
public sealed interface PlugChange extends Change {
    NodeName node();

    /**
     * It is to have these from now on, and no others.
     *
     * @param before what it was to have; empty if it never had any
     */
    record Rewire(NodeName node, Optional<Held<NodePlugs>> before, NodePlugs next) implements PlugChange {}

    /**
     * It is taken out of the pool.
     *
     * @param said whether its agent has said something of them
     */
    record Forget(NodeName node, Held<NodePlugs> before, boolean said) implements PlugChange {}
}
