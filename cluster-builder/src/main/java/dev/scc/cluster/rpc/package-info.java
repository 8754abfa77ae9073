/** gRPC between clients and agents and among agents, with records as messages (CBOR on the wire). */
@NullMarked
package dev.scc.cluster.rpc;

import org.jspecify.annotations.NullMarked;
