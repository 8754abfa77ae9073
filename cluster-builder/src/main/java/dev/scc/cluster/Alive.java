package dev.scc.cluster;

import dev.scc.host.Bounds;
import dev.scc.host.Ipv4;

/**
 * The text of a node's ephemeral entry, and of its wish to be enrolled: which machine's agent lives.
 *
 * @param instance tells this agent's data directory from any other's
 * @param underlay address of the machine on the ordinary network, which no other machine has at the same time
 */
public record Alive(String instance, Ipv4 underlay) {

    private static final int LONGEST_INSTANCE = 64;

    public Alive {
        Bounds.atMost("instance", instance, LONGEST_INSTANCE);
    }

    /** Whether both are of one machine: it may have got another address, or lost its data directory, but hardly both at once. */
    public boolean sameMachine(Alive other) {
        return instance.equals(other.instance) || underlay.equals(other.underlay);
    }
}
