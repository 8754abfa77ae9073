/**
 * PMIx for ranks of Open MPI that are started directly: what the servers on a job's nodes ({@code scc-pmix}) and its lead tell
 * each other, and how the lead answers what ranks of one node want of those of others. See the PMIx standard, versions 2 to 4,
 * sections "Server-specific interfaces": fence, direct modex, abort.
 */
@NullMarked
package dev.scc.job.pmix;

import org.jspecify.annotations.NullMarked;
