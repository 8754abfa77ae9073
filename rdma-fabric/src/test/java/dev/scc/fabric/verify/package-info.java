/** Schedules and verdicts, with seeded random clusters. */
@NullMarked
package dev.scc.fabric.verify;

import org.jspecify.annotations.NullMarked;
