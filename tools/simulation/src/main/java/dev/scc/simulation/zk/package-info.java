/** A ZooKeeper in memory, with the semantics that scc relies on and every way to fail that a real one has. */
@NullMarked
package dev.scc.simulation.zk;

import org.jspecify.annotations.NullMarked;
