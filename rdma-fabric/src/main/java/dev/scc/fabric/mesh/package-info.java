/** The low-rate mesh: members of a cluster that probe each other all the time, each within a budget of packets. */
@NullMarked
package dev.scc.fabric.mesh;

import org.jspecify.annotations.NullMarked;
