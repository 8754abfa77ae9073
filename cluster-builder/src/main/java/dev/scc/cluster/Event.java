package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Locale;

/**
 * Something that happened in the pool, written by the controller together with what it did. Its JSON says it in words too.
 *
 * @param at in milliseconds since 1970, by the clock of the server that led then
 * @param epoch in which it happened
 */
@JsonPropertyOrder({"at", "epoch", "kind", "name", "what", "happening"})
public record Event(long at, long epoch, Happening happening) {

    /** What an event happened to. */
    public enum Kind {
        CLUSTER,
        NODE,
        VPC,
        SERVER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public Kind kind() {
        return happening.kind();
    }

    /** Of what it happened to; several nodes are a list such as {@code n[1-3]}, or their number. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public String name() {
        return happening.name();
    }

    /** In words, with the reason. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public String what() {
        return EventWords.of(this);
    }
}
