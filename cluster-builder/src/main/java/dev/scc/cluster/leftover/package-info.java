/**
 * Entries in the tree that belong to nothing. Clients find them to show them, the controller finds them anew to remove them:
 * it is their writer, and what an agent has written it removes only where the node is not enrolled, so that no agent writes.
 */
@NullMarked
package dev.scc.cluster.leftover;

import org.jspecify.annotations.NullMarked;
