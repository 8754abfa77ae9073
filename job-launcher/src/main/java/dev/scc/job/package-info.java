/**
 * Jobs as their callers see them: what is asked for, what comes back (output, how it ended, the receipt), the client, and
 * the agent's part, which serves both roles that an agent can have in a job: its lead, and one of its nodes.
 */
@NullMarked
package dev.scc.job;

import org.jspecify.annotations.NullMarked;
