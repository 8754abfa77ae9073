package dev.scc.job;

import dev.scc.host.Bounds;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import dev.scc.host.TerminalSize;
import java.util.Optional;

/**
 * What ranks find where they start, beyond what all do.
 *
 * @param only the one node that has them; empty for all of the cluster, as the plan places them
 * @param stage the files that are in their working directory; empty for none, and the caller's directory
 * @param mapping to processors; empty for none, so that the kernel decides
 * @param checkpoints a directory that is made as the job's user where it is not, and stays; empty for none
 * @param planOnly whether it is only told where they would start; empty for no
 * @param terminal the size of the window that the one rank gets; empty for pipes
 */
public record RankSetting(
        Optional<NodeName> only,
        Optional<TerminalSize> terminal,
        @Later Optional<Stage> stage,
        @Later Optional<Mapping> mapping,
        @Later Optional<Boolean> planOnly,
        @Later Optional<String> checkpoints) {
    private static final int LONGEST_PATH = 4_096;

    public RankSetting {
        checkpoints.ifPresent(path -> {
            Bounds.atMost("the path of the checkpoint directory", path, LONGEST_PATH);
            if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "checkpoint directory \"" + path.replace('\0', '?') + "\" is no path from the root");
            }
        });
    }

    /** Nothing else. */
    public static RankSetting usual() {
        return new RankSetting(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A terminal on some node. */
    public static RankSetting terminal(Optional<NodeName> node, TerminalSize size) {
        return new RankSetting(
                node, Optional.of(size), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same, with these files. */
    public RankSetting with(Stage files) {
        return new RankSetting(only, terminal, Optional.of(files), mapping, planOnly, checkpoints);
    }

    /** The same, with this mapping to processors. */
    public RankSetting with(Mapping wanted) {
        return new RankSetting(only, terminal, stage, Optional.of(wanted), planOnly, checkpoints);
    }

    /** The same, only planned: nothing is copied or made, and nothing starts. */
    public RankSetting onlyPlanned() {
        return new RankSetting(only, terminal, Optional.empty(), mapping, Optional.of(true), Optional.empty());
    }
}
