/**
 * What the agent does for container runtimes of its node: they start {@code scc-cni}, which passes on what they ask for over a
 * Unix socket, and the agent asks its servers for the ENI.
 */
@NullMarked
package dev.scc.cluster.cni;

import org.jspecify.annotations.NullMarked;
