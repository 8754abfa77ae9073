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
                    "core, socket, numa, node or rail: each rank gets a core that no other rank has whose job says so, too,"
                            + " and is bound to that, or to all of its job's in the same socket, NUMA domain or node. With rail"
                            + " a node's ranks have an RDMA device each, named by SCC_RAIL, and cores near it; refused where a"
                            + " node has one only. Ranks talk over the cluster's device all the same. Default: the kernel"
                            + " decides.")
    Mapping.@Nullable By by;

    @Option(
            names = "--oversubscribe",
            description =
                    "With --map-by: ranks share cores, and rails, where there are not enough; else such a job is refused.")
    boolean oversubscribe;

    @Option(
            names = "--dry-run",
            description =
                    "Say which ranks would start on which nodes and processors and why, over what they would talk, and"
                            + " which of several RDMA devices is nearest to them. The nodes are asked as for a start, nothing is copied and nothing starts.")
    boolean dryRun;

    Optional<Mapping> mapping() {
        return Optional.ofNullable(by).map(what -> new Mapping(what, oversubscribe));
    }
}
