/**
 * The controller: requests become clusters. One thread, level-triggered; what to do is worked out by pure planners from what
 * the tree says and the time, and done by transactions that are fenced by the epoch.
 */
@NullMarked
package dev.scc.cluster.controller;

import org.jspecify.annotations.NullMarked;
