/**
 * The real controller and the real agents on one thread, with simulated time, ZooKeeper, machines and disks, and with faults at
 * every point where something can fail. Everything follows from a seed.
 */
@NullMarked
package dev.scc.simulation;

import org.jspecify.annotations.NullMarked;
