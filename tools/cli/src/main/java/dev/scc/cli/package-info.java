/**
 * The command line's outermost part: where the process starts and ends, what its exit statuses mean, and how a failure
 * is told.
 */
@NullMarked
package dev.scc.cli;

import org.jspecify.annotations.NullMarked;
