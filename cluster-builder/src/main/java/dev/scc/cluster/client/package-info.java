/**
 * The calling side of the servers' API: views, requests with their outcomes, events. It knows several servers, and goes on at
 * another when one is away. No class of ZooKeeper is needed here.
 */
@NullMarked
package dev.scc.cluster.client;

import org.jspecify.annotations.NullMarked;
