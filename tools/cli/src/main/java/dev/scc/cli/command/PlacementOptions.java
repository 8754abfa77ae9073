package dev.scc.cli.command;

import dev.scc.job.Mapping;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which processors ranks have. */
final class PlacementOptions {
    @Option(
            names = "--map-by",
            paramLabel = "WHAT",
            description =
                    "core, socket, numa or node: each rank gets a core that no other rank has whose job says so, too, and is"
                            + " bound to that, or to all of its job's in the same socket, NUMA domain or node. Default: the kernel"
                            + " decides.")
    Mapping.@Nullable By by;

    @Option(
            names = "--oversubscribe",
            description = "With --map-by: ranks share cores where there are not enough; else such a job is refused.")
    boolean oversubscribe;

    @Option(
            names = "--dry-run",
            description =
                    "Say which ranks would start on which nodes and processors, and over what they would talk. The"
                            + " nodes are asked as for a start, nothing is copied and nothing starts.")
    boolean dryRun;

    Optional<Mapping> mapping() {
        return Optional.ofNullable(by).map(what -> new Mapping(what, oversubscribe));
    }
}
