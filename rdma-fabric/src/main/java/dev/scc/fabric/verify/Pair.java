package dev.scc.fabric.verify;

import dev.scc.host.NodeName;

/** Two nodes that probe each other: the active side connects and reports, the passive side listens and answers. */
public record Pair(NodeName active, NodeName passive) {
    public Pair {
        if (active.equals(passive)) {
            throw new IllegalArgumentException("node " + active + " is paired with itself");
        }
    }

    public boolean has(NodeName node) {
        return active.equals(node) || passive.equals(node);
    }

    /** The side that {@code node} is not. */
    public NodeName other(NodeName node) {
        if (!has(node)) {
            throw new IllegalArgumentException("node " + node + " is not in the pair " + this);
        }
        return active.equals(node) ? passive : active;
    }

    @Override
    public String toString() {
        return active + "-" + passive;
    }
}
