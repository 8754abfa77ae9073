package dev.scc.vpc;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A VPC's name: 1 to 32 lower-case letters, digits and hyphens, starting with a letter, not ending with a hyphen. */
public record VpcName(@JsonValue String value) implements Comparable<VpcName> {
    private static final Pattern LEGAL = Pattern.compile("[a-z]([a-z0-9-]{0,30}[a-z0-9])?");

    @JsonCreator
    public VpcName {
        if (!LEGAL.matcher(value).matches()) {
            throw new IllegalArgumentException("VPC name \"" + value
                    + "\" is not 1 to 32 lower-case letters, digits and hyphens, starting with a letter");
        }
    }

    @Override
    public int compareTo(VpcName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
