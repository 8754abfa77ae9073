package dev.scc.cluster.client;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;

/** A line of {@code scc list}. */
public record ClusterSummary(ClusterName cluster, ClusterPhase phase, int nodes) {}
