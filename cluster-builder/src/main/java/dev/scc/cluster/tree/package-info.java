/**
 * The tree of small texts that all parts of scc share, as a port: what ZooKeeper promises and scc uses, and no more. Real
 * servers and agents have it over Curator; a simulation may stand in its place.
 */
@NullMarked
package dev.scc.cluster.tree;

import org.jspecify.annotations.NullMarked;
