/** Jobs: ranks and their supervision, the PMI-1 server, Open MPI and MPICH, receipts, streamed output. */
@NullMarked
package dev.scc.job;

import org.jspecify.annotations.NullMarked;
