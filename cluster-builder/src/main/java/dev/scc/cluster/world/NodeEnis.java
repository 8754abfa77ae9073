package dev.scc.cluster.world;

import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.PlugStatus;
import java.util.Optional;

/**
 * The ENIs of a node, and what its agent says of them.
 *
 * @param said of whatever version; empty if it never said anything
 */
public record NodeEnis(Held<NodePlugs> plugs, Optional<PlugStatus> said) {

    /** What it says of them as they are now; empty if it has not answered yet. */
    public Optional<PlugStatus> answer() {
        return said.filter(status -> status.plugs() == plugs.version());
    }
}
