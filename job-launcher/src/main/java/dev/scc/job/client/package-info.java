/**
 * Runs jobs for a caller outside the cluster.
 */
@NullMarked
package dev.scc.job.client;

import org.jspecify.annotations.NullMarked;
