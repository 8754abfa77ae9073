package dev.scc.cluster.controller;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Roster;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads rosters, which are too large to be part of the world. */
final class Rosters {
    private Rosters() {}

    private static final Logger log = LoggerFactory.getLogger(Rosters.class);

    /** Of the cluster's present revision; empty if the record is no longer the present one, or if it cannot be read. */
    static Optional<Roster> of(Tree tree, ClusterRecord cluster) throws ConnectionLost, InterruptedException {
        String path = Paths.roster(cluster.name(), cluster.revision());
        try {
            return tree.get(path).map(entry -> entry.read(Roster.class));
        } catch (IllegalArgumentException e) {
            // This cluster has to wait until somebody has mended it; all others do not.
            log.atError()
                    .addKeyValue("path", path)
                    .addKeyValue("why", e.getMessage())
                    .log("roster cannot be read");
            return Optional.empty();
        }
    }
}
