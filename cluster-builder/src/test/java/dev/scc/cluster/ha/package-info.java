/** Several servers, each a process of its own that is killed and stopped; agents with machines in memory. */
@NullMarked
package dev.scc.cluster.ha;

import org.jspecify.annotations.NullMarked;
