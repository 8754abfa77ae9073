/** A whole pool in one process: a real ZooKeeper, real controllers and agents with gRPC, on machines in memory. */
@NullMarked
package dev.scc.cluster.pool;

import org.jspecify.annotations.NullMarked;
