package dev.scc.job;

import dev.scc.host.Later;
import dev.scc.host.NodeName;
import dev.scc.host.TerminalSize;
import java.util.Optional;

/**
 * What ranks find where they start, beyond what all do.
 *
 * @param only the one node that has them; empty for all of the cluster, as the plan places them
 * @param stage the files that are in their working directory; empty for none, and the caller's directory
 * @param terminal the size of the window that the one rank gets; empty for pipes
 */
public record RankSetting(
        Optional<NodeName> only,
        Optional<TerminalSize> terminal,
        @Later Optional<Stage> stage) {

    /** Nothing else. */
    public static RankSetting usual() {
        return new RankSetting(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A terminal on some node. */
    public static RankSetting terminal(Optional<NodeName> node, TerminalSize size) {
        return new RankSetting(node, Optional.of(size), Optional.empty());
    }

    /** The same, with these files. */
    public RankSetting with(Stage files) {
        return new RankSetting(only, terminal, Optional.of(files));
    }
}
