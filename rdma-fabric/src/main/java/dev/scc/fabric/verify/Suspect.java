package dev.scc.fabric.verify;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.scc.host.NodeName;
import java.util.List;

/**
 * What a verdict points at.
 *
 * @param nodes the node; the node whose link it is; the two ends of the pair; or every node, for the fabric as a whole
 * @param why the evidence in words, with the cause that one of its failed probes gave
 */
public record Suspect(Kind kind, List<NodeName> nodes, String why) {
    /** Which part of the cluster is suspected. */
    public enum Kind {
        /** Nothing gets through between it and most of the others. */
        @JsonProperty("node")
        NODE,
        /** The node's way into the fabric: something gets through with its partners, but too little or too slowly. */
        @JsonProperty("link")
        LINK,
        /** These two with each other, while both do well with others. */
        @JsonProperty("pair")
        PAIR,
        /** All of it. */
        @JsonProperty("fabric")
        FABRIC,
        /** One of these two, or what is between them: there are too few other pairs to tell. */
        @JsonProperty("unclear")
        UNCLEAR
    }

    public Suspect {
        nodes = List.copyOf(nodes);
    }
}
