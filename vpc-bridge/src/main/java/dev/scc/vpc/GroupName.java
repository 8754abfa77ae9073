package dev.scc.vpc;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A security group's name: 1 to 32 lower-case letters, digits and hyphens, starting with a letter, not ending with a hyphen. */
public record GroupName(@JsonValue String value) implements Comparable<GroupName> {
    private static final Pattern LEGAL = Pattern.compile("[a-z]([a-z0-9-]{0,30}[a-z0-9])?");

    @JsonCreator
    public GroupName {
        if (!LEGAL.matcher(value).matches()) {
            throw new IllegalArgumentException("security group \"" + value
                    + "\" is not 1 to 32 lower-case letters, digits and hyphens, starting with a letter");
        }
    }

    @Override
    public int compareTo(GroupName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
