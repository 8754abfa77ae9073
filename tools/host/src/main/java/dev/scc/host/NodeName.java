package dev.scc.host;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A node's name, unique in the pool. It is also the node's host name, so it follows RFC 1123 labels: 1 to 63 lower-case
 * letters, digits and hyphens, starting and ending with a letter or digit.
 */
public record NodeName(@JsonValue String value) implements Comparable<NodeName> {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    @JsonCreator
    public NodeName {
        if (!LABEL.matcher(value).matches()) {
            throw new IllegalArgumentException("node name \"" + value
                    + "\" is not a host name label: 1 to 63 lower-case letters, digits and hyphens");
        }
    }

    @Override
    public int compareTo(NodeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
