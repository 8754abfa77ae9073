/**
 * The server side of the PMI-1 wire protocol, through which the ranks of an MPICH job find each other: lines of
 * {@code key=value} pairs over TCP, as Flux RFC 13 and MPICH's client describe them. The server knows nothing of sockets:
 * lines come from and go to wherever the ranks are connected.
 */
@NullMarked
package dev.scc.job.pmi;

import org.jspecify.annotations.NullMarked;
