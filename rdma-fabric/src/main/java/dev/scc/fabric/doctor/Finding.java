package dev.scc.fabric.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.scc.host.NodeName;

/**
 * Something that is not as it should be on a node.
 *
 * @param rule that found it
 * @param evidence what was observed
 * @param fix the command that mends it, to be run on that node; or what to look at, after a {@code #}
 */
public record Finding(String rule, Severity severity, NodeName node, String evidence, String fix) {
    /** How bad it is. */
    public enum Severity {
        /** RDMA does not work, or not for everybody. */
        @JsonProperty("error")
        ERROR,
        /** It works, and will be slow or fail some time. */
        @JsonProperty("warning")
        WARNING,
        /** It could be better, or is only of note. */
        @JsonProperty("info")
        INFO
    }
}
