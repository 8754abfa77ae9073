/** One cluster's isolated part of the fabric: a VLAN of the RDMA interface with its subnet and its GID. */
@NullMarked
package dev.scc.fabric.segment;

import org.jspecify.annotations.NullMarked;
