/** What is misconfigured on nodes with RDMA: facts that are observed there, rules over them, and what differs between nodes. */
@NullMarked
package dev.scc.fabric.doctor;

import org.jspecify.annotations.NullMarked;
