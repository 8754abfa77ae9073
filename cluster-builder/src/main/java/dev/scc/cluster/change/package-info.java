/**
 * What a controller may decide to change, as values, and the one translation of such decisions into a transaction on the tree
 * that is fenced by the epoch. Pure.
 */
@NullMarked
package dev.scc.cluster.change;

import org.jspecify.annotations.NullMarked;
