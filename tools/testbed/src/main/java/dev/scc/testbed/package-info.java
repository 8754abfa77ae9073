/**
 * A pool of nodes on one machine: QEMU guests that run Debian's generic kernel with real Soft-RoCE over the host's root file
 * system, network namespaces, or models in memory. {@link dev.scc.testbed.Testbed} is the way in. Everything that a testbed
 * makes is in its data directory, in the network namespace {@code scc-<name>}, in namespaces, cgroups and directories of
 * {@code /run} with the names {@code scc-<name>.<node>}, or a process named in its state file; only the cache of kernels
 * outlives it.
 */
@NullMarked
package dev.scc.testbed;

import org.jspecify.annotations.NullMarked;
