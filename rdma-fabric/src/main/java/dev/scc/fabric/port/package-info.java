/** The ports that nodes have at the fabric's switches, and what sets them. */
@NullMarked
package dev.scc.fabric.port;

import org.jspecify.annotations.NullMarked;
