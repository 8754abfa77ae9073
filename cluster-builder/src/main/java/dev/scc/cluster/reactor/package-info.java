/** Level-triggered passes: any event only signals, the pass reads the world anew and acts. */
@NullMarked
package dev.scc.cluster.reactor;

import org.jspecify.annotations.NullMarked;
