package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A cluster's name: 1 to 32 lower-case letters, digits and hyphens, starting with a letter, not ending with a hyphen. */
public record ClusterName(@JsonValue String value) implements Comparable<ClusterName> {
    private static final Pattern LEGAL = Pattern.compile("[a-z]([a-z0-9-]{0,30}[a-z0-9])?");

    @JsonCreator
    public ClusterName {
        if (!LEGAL.matcher(value).matches()) {
            throw new IllegalArgumentException("cluster name \"" + value
                    + "\" is not 1 to 32 lower-case letters, digits and hyphens, starting with a letter");
        }
    }

    @Override
    public int compareTo(ClusterName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
