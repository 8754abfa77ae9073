/** Verification: who probes whom in which round, what a probe measured, and the verdict over all of them. Pure. */
@NullMarked
package dev.scc.fabric.verify;

import org.jspecify.annotations.NullMarked;
