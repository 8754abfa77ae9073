/** The words of the RDMA network: devices, GIDs, VLANs. */
@NullMarked
package dev.scc.fabric;

import org.jspecify.annotations.NullMarked;
