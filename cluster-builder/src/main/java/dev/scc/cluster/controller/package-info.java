/**
 * The controller: requests become clusters. One thread, level-triggered: a pass reads the tree, asks the planners of
 * {@code dev.scc.cluster.plan} what to do, and does it by transactions that are fenced by the epoch.
 */
@NullMarked
package dev.scc.cluster.controller;

import org.jspecify.annotations.NullMarked;
