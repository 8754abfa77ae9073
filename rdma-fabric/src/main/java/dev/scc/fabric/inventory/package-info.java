/** What a node has: kernel, cores, memory, network interfaces, RDMA devices with their ports and GIDs; and the rxe link where there is no RDMA hardware. */
@NullMarked
package dev.scc.fabric.inventory;

import org.jspecify.annotations.NullMarked;
