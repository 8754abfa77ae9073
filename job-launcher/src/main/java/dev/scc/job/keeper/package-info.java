/**
 * The process that keeps a node's jobs: their pipes, exit statuses and PMI connections, and for jobs that the node leads,
 * all that is known of them. The node's agent starts it and may then end and come back as it likes.
 */
@NullMarked
package dev.scc.job.keeper;

import org.jspecify.annotations.NullMarked;
