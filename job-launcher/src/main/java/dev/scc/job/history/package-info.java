/** What a node keeps of the jobs that it has led: their records and their output, within bounds. */
@NullMarked
package dev.scc.job.history;

import org.jspecify.annotations.NullMarked;
