/**
 * gRPC between clients and agents and among agents, with records as messages (CBOR on the wire) and blocking code on both
 * sides: a handler runs on a virtual thread of its own and is interrupted when its caller gives up.
 */
@NullMarked
package dev.scc.cluster.rpc;

import org.jspecify.annotations.NullMarked;
