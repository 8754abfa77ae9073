/** Benchmarks: both sides in one run, interleaved, with the spread. */
@NullMarked
package dev.scc.bench;

import org.jspecify.annotations.NullMarked;
