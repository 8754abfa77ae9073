package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A job's name, unique among all that ever ran: the cluster's name, a hyphen and a random part. It names the job's cgroup,
 * directory and socket on each node, so it is at most 48 letters, digits and hyphens.
 */
public record JobId(@JsonValue String value) {
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9][a-z0-9-]{0,47}");

    @JsonCreator
    public JobId {
        if (!LEGAL.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "job id \"" + value + "\" is not 1 to 48 lower-case letters, digits and hyphens");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
