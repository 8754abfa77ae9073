/**
 * The node's agent: it reads what its node is to be, changes the node step by step until it is, and says so. It outlives
 * ZooKeeper: without it nothing on the node changes.
 */
@NullMarked
package dev.scc.cluster.agent;

import org.jspecify.annotations.NullMarked;
