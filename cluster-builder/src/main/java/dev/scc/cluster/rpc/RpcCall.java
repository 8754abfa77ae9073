package dev.scc.cluster.rpc;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One call on the calling side, for blocking code. Several threads may send, one at a time may read. Closing it before it
 * has ended cancels it.
 */
public final class RpcCall<Q, A> implements AutoCloseable {
    private final String peer;
    private final String method;
    private final boolean manyRequests;
    private final ClientCall<Q, A> call;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<A> answers = new ArrayDeque<>();
    private @Nullable Status end;
    private boolean noMoreRequests;

    /** The other side knows that it has ended, or will not answer. */
    private boolean over;

    private RpcCall(String peer, MethodDescriptor<Q, A> method, ClientCall<Q, A> call) {
        this.peer = peer;
        this.method = method.getFullMethodName();
        manyRequests = !method.getType().clientSendsOneMessage();
        this.call = call;
    }

    static <Q, A> RpcCall<Q, A> start(String peer, ClientCall<Q, A> call, MethodDescriptor<Q, A> method) {
        RpcCall<Q, A> started = new RpcCall<>(peer, method, call);
        call.start(started.new Listener(), new Metadata());
        call.request(2);
        return started;
    }

    /**
     * Sends one request; waits while the other side is slow to read. When the call has ended meanwhile, or another thread
     * has said that no more requests come, the request is dropped: {@link #next} says how the call ended.
     */
    public void send(Q request) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            // gRPC never signals readiness to a caller that sends a single message: it buffers that one.
            while (manyRequests && !call.isReady() && end == null && !noMoreRequests) {
                changed.await();
            }
            if (end == null && !noMoreRequests) {
                call.sendMessage(request);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells the other side that no more requests come. */
    public void sendNoMore() {
        lock.lock();
        try {
            if (end == null && !noMoreRequests) {
                noMoreRequests = true;
                changed.signalAll();
                call.halfClose();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next answer; waits for it. Empty when the call has ended well.
     *
     * @throws RpcFailed if the call has ended otherwise
     */
    public Optional<A> next() throws RpcFailed, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (answers.isEmpty() && end == null) {
                changed.await();
            }
            A answer = answers.poll();
            if (answer != null) {
                call.request(1);
                return Optional.of(answer);
            }
            if (end != null && !end.isOk()) {
                throw RpcFailed.of(peer, method, end);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The same, and gives up on one that is silent; the call goes on.
     *
     * @throws RpcFailed of kind TIMED_OUT if nothing comes within {@code atMost}
     */
    public Optional<A> next(Duration atMost) throws RpcFailed, InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = atMost.toNanos();
            while (answers.isEmpty() && end == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (answers.isEmpty() && end == null) {
                throw new RpcFailed(
                        RpcFailed.Kind.TIMED_OUT, peer + " has said nothing for " + atMost.toMillis() + " ms");
            }
        } finally {
            lock.unlock();
        }
        return next();
    }

    /** Whether nothing of it is under way any more. */
    boolean hasEnded() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (end == null) {
                end = Status.CANCELLED.withDescription("closed on this side");
                call.cancel("the caller has given up", null);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private final class Listener extends ClientCall.Listener<A> {
        @Override
        public void onMessage(A answer) {
            lock.lock();
            try {
                answers.add(answer);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            lock.lock();
            try {
                over = true;
                if (end == null) {
                    end = status;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void onReady() {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
