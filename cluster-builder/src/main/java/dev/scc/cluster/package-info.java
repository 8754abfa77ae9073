/** Clusters: specs, rosters, placement, the controller and the agent's loop. */
@NullMarked
package dev.scc.cluster;

import org.jspecify.annotations.NullMarked;
