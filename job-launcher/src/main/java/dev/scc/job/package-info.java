/**
 * Jobs as values: what is asked for, what comes while one runs, how it ended, the receipt, and the limits. Knows none of the
 * packages beside it.
 */
@NullMarked
package dev.scc.job;

import org.jspecify.annotations.NullMarked;
