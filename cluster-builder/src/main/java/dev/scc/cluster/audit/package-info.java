/**
 * Who has asked a server for what, and how it ended: entries of a file, each with the hash of the one before, so that none can be
 * changed or left out without a trace. The hash of the last one stands in the tree.
 */
@NullMarked
package dev.scc.cluster.audit;

import org.jspecify.annotations.NullMarked;
