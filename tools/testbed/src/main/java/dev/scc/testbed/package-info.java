/**
 * The testbed of kind {@code vm}: a pool of nodes on one machine, each a QEMU guest that runs Debian's generic kernel with
 * real Soft-RoCE over the host's root file system. {@link dev.scc.testbed.VmTestbed} is the way in. Everything that a
 * testbed makes is in its data directory, in the network namespace {@code scc-<name>}, or a process named in its state
 * file; only the cache of kernels outlives it.
 */
@NullMarked
package dev.scc.testbed;

import org.jspecify.annotations.NullMarked;
