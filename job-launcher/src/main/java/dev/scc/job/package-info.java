/**
 * Jobs as their callers see them: what is asked for, what comes back (output, how it ended, the receipt), the client, and
 * the agent's part, which says what the node belongs to and has a keeper look after all else.
 */
@NullMarked
package dev.scc.job;

import org.jspecify.annotations.NullMarked;
