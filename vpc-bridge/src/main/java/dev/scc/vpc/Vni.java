package dev.scc.vpc;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A VXLAN network identifier, 1 to 16777215 (RFC 7348). */
public record Vni(@JsonValue int value) implements Comparable<Vni> {
    @JsonCreator
    public Vni {
        if (value < 1 || value > 0xFFFFFF) {
            throw new IllegalArgumentException("VNI " + value + " is not within 1 to 16777215");
        }
    }

    @Override
    public int compareTo(Vni other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
