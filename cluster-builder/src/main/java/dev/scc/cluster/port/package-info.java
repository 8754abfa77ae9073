/** Which switch port lets through what, as the clusters want it. */
@NullMarked
package dev.scc.cluster.port;

import org.jspecify.annotations.NullMarked;
