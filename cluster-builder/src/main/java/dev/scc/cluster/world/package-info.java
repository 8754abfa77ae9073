/** The whole tree as one value, read for a controller's pass or a client's question. */
@NullMarked
package dev.scc.cluster.world;

import org.jspecify.annotations.NullMarked;
