/** A pool of nodes on one machine. */
@NullMarked
package dev.scc.testbed;

import org.jspecify.annotations.NullMarked;
