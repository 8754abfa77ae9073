/** That the simulated ZooKeeper is like a real one. */
@NullMarked
package dev.scc.simulation.zk;

import org.jspecify.annotations.NullMarked;
