/**
 * The methods that keepers and agents offer to jobs, the same objects on both sides.
 */
@NullMarked
package dev.scc.job.rpc;

import org.jspecify.annotations.NullMarked;
