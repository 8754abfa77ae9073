package dev.scc.cluster.rpc;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Connections that stand and that nobody uses at the moment: to prove each other who one is costs more than most calls. One that
 * nobody has taken for {@link RpcLimits#KEPT_IDLE} is closed. Thread-safe.
 */
final class ChannelPool {
    /** The one that was given back last is the first. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    private long age;

    private record Idle(Peer peer, ManagedChannel channel, AtomicReference<Future<?>> end) {
        Idle(Peer peer, ManagedChannel channel) {
            this(peer, channel, new AtomicReference<>());
        }

        void close() {
            notEnding();
            channel.shutdownNow();
        }

        void notEnding() {
            Future<?> planned = end.get();
            if (planned != null) {
                planned.cancel(false);
            }
        }
    }

    /** One that stands; from now on it is the caller's. */
    synchronized Optional<ManagedChannel> take(Peer peer) {
        for (Iterator<Idle> all = idle.iterator(); all.hasNext(); ) {
            Idle one = all.next();
            boolean stands = one.channel.getState(false) == ConnectivityState.READY;
            if (!stands || one.peer.equals(peer)) {
                all.remove();
                if (stands) {
                    one.notEnding();
                    return Optional.of(one.channel);
                }
                one.close();
            }
        }
        return Optional.empty();
    }

    /** Grows with each {@link #clear}. */
    synchronized long age() {
        return age;
    }

    /**
     * Gives one back on which there is no call. One that does not stand any more, is one too many or was made before the last
     * {@link #clear} is closed.
     *
     * @param made the pool's age when it was made, or when it was taken
     */
    synchronized void give(Peer peer, ManagedChannel channel, long made) {
        if (made != age || EventLoops.shared().isShuttingDown() || channel.getState(false) != ConnectivityState.READY) {
            channel.shutdownNow();
            return;
        }
        Idle given = new Idle(peer, channel);
        idle.addFirst(given);
        given.end.set(
                EventLoops.shared().schedule(() -> end(given), RpcLimits.KEPT_IDLE.toMillis(), TimeUnit.MILLISECONDS));
        if (idle.size() > RpcLimits.MOST_IDLE) {
            idle.removeLast().close();
        }
    }

    private synchronized void end(Idle one) {
        if (idle.remove(one)) {
            one.channel.shutdownNow();
        }
    }

    /** From now on all are new: those that stand have shown what is not shown any more. */
    synchronized void clear() {
        age++;
        idle.forEach(Idle::close);
        idle.clear();
    }
}
