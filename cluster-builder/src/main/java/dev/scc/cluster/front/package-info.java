/**
 * The serving side of the servers' API: takes requests and writes them to the tree, and answers from what its server knows
 * of the world.
 */
@NullMarked
package dev.scc.cluster.front;

import org.jspecify.annotations.NullMarked;
