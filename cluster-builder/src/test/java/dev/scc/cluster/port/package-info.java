@NullMarked
package dev.scc.cluster.port;

import org.jspecify.annotations.NullMarked;
