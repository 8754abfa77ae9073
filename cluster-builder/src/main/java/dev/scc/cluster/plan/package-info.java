/**
 * The plans of a controller: what a cluster, a node or a request needs next, from the world that was read and the time that it
 * was read at. Pure: nothing here reads or writes the tree, waits, looks at a clock, or logs, so that every case can be
 * tried without any of those. {@link ClusterPlanner}, {@link NodeCare} and {@link RequestPlanner} are what a controller
 * calls, each with its {@link Situation}; {@link DryRun} answers what would be done.
 */
@NullMarked
package dev.scc.cluster.plan;

import org.jspecify.annotations.NullMarked;
