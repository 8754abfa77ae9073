package dev.scc.cluster.controller;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Roster;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import java.util.Optional;

/** Reads rosters, which are too large to be part of the world. */
final class Rosters {
    private Rosters() {}

    /** Of the cluster's present revision; empty if the record is no longer the present one. */
    static Optional<Roster> of(Tree tree, ClusterRecord cluster) throws ConnectionLost, InterruptedException {
        return tree.get(Paths.roster(cluster.name(), cluster.revision()))
                .map(entry -> Json.read(entry.text(), Roster.class));
    }
}
