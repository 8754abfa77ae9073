/** A server process: ZooKeeper if it is embedded, and a controller. */
@NullMarked
package dev.scc.cluster.server;

import org.jspecify.annotations.NullMarked;
