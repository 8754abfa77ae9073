/** What the command line asks of the pool: nodes and clusters as its JSON shows them, and requests with their outcomes. */
@NullMarked
package dev.scc.cluster.client;

import org.jspecify.annotations.NullMarked;
