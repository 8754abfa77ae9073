package dev.scc.fabric;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** An 802.1Q VLAN identifier, 1 to 4094. */
public record VlanId(@JsonValue int value) implements Comparable<VlanId> {
    @JsonCreator
    public VlanId {
        if (value < 1 || value > 4094) {
            throw new IllegalArgumentException("VLAN " + value + " is not within 1 to 4094");
        }
    }

    @Override
    public int compareTo(VlanId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
