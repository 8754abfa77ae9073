package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.scc.host.NodeName;

/** What a client asks of the controller. It takes effect at most once, by the id that the client chose for it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
public sealed interface Request {

    /** Build a cluster. */
    @JsonTypeName("Create")
    record Create(ClusterSpec spec) implements Request {}

    /** Take a cluster down. */
    @JsonTypeName("Delete")
    record Delete(ClusterName cluster) implements Request {}

    /** Give no cluster to this node from now on ({@code on}), or do so again. What it serves stays. */
    @JsonTypeName("Cordon")
    record Cordon(NodeName node, boolean on) implements Request {}

    /** A few words for messages, such as {@code create demo}. */
    default String title() {
        return switch (this) {
            case Create create -> "create " + create.spec().name();
            case Delete delete -> "delete " + delete.cluster();
            case Cordon cordon -> (cordon.on() ? "cordon " : "uncordon ") + cordon.node();
        };
    }
}
