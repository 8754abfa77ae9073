/**
 * The servers' API as both sides know it: its methods, and the records that they exchange. Any server takes any call. Those who
 * call need neither ZooKeeper nor its classes.
 */
@NullMarked
package dev.scc.cluster.api;

import org.jspecify.annotations.NullMarked;
