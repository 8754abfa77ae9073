package dev.scc.cluster.world;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a node is to the pool. */
public enum NodeState {
    /** May be given to a cluster. */
    FREE("Free"),
    /** Member of a cluster. */
    ASSIGNED("Assigned"),
    /** Would be free, but is out of service: by an operator, or because it failed several times. */
    CORDONED("Cordoned"),
    /** Its agent is not there. */
    LOST("Lost"),
    /** Has not proved that nothing of its last cluster is left on it; is not given out before it has. */
    DIRTY("Dirty");

    private final String title;

    NodeState(String title) {
        this.title = title;
    }

    @JsonValue
    @Override
    public String toString() {
        return title;
    }
}
