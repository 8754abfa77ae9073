package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What the ranks of a job talk to each other over, from node to node. */
public enum Transport {
    RDMA,
    TCP,
    /** Nothing went, or nothing that scc knows of: one node, or no MPI. */
    NONE;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static Transport of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
