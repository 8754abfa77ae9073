package dev.scc.cluster.rpc;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Connections that stand and that nobody uses at the moment: to prove each other who one is costs more than most calls. gRPC
 * itself ends one that is idle for {@link RpcLimits#KEPT_IDLE}. Thread-safe.
 */
final class ChannelPool {
    /** The one that was given back last is the first. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    private record Idle(Peer peer, ManagedChannel channel) {}

    /** One that stands; from now on it is the caller's. */
    synchronized Optional<ManagedChannel> take(Peer peer) {
        for (Iterator<Idle> all = idle.iterator(); all.hasNext(); ) {
            Idle one = all.next();
            boolean stands = one.channel.getState(false) == ConnectivityState.READY;
            if (!stands || one.peer.equals(peer)) {
                all.remove();
                if (stands) {
                    return Optional.of(one.channel);
                }
                one.channel.shutdownNow();
            }
        }
        return Optional.empty();
    }

    /** Gives one back on which there is no call. One that does not stand any more, or is one too many, is closed. */
    synchronized void give(Peer peer, ManagedChannel channel) {
        if (channel.getState(false) != ConnectivityState.READY) {
            channel.shutdownNow();
            return;
        }
        idle.addFirst(new Idle(peer, channel));
        if (idle.size() > RpcLimits.MOST_IDLE) {
            idle.removeLast().channel.shutdownNow();
        }
    }

    /** From now on all are new: those that stand have shown what is not shown any more. */
    synchronized void clear() {
        idle.forEach(one -> one.channel.shutdownNow());
        idle.clear();
    }
}
