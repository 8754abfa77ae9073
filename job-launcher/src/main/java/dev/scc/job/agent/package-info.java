/**
 * An agent's part in jobs: it says what the node belongs to, has a keeper look after what runs, and sees to it that nothing
 * runs any more before the node leaves its cluster.
 */
@NullMarked
package dev.scc.job.agent;

import org.jspecify.annotations.NullMarked;
