/** A job as its lead runs it: it plans, opens the nodes, starts processes, listens until the end, and closes the nodes. */
@NullMarked
package dev.scc.job.lead;

import org.jspecify.annotations.NullMarked;
