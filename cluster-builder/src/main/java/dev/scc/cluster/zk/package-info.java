/** ZooKeeper: the tree over Curator, and a ZooKeeper server in this process. The only package that knows either. */
@NullMarked
package dev.scc.cluster.zk;

import org.jspecify.annotations.NullMarked;
