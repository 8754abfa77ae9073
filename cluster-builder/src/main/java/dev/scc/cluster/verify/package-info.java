/** Verification of a whole cluster: every member's agent takes its part in the probes, and the verdict is drawn from all. */
@NullMarked
package dev.scc.cluster.verify;

import org.jspecify.annotations.NullMarked;
