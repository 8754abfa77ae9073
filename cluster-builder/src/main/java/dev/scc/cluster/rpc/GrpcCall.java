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

/** A call over gRPC: its callbacks turned into blocking code. */
final class GrpcCall<Q, A> implements RpcCall<Q, A> {
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

    private GrpcCall(String peer, MethodDescriptor<Q, A> method, ClientCall<Q, A> call) {
        this.peer = peer;
        this.method = method.getFullMethodName();
        manyRequests = !method.getType().clientSendsOneMessage();
        this.call = call;
    }

    static <Q, A> GrpcCall<Q, A> start(String peer, ClientCall<Q, A> call, MethodDescriptor<Q, A> method) {
        GrpcCall<Q, A> started = new GrpcCall<>(peer, method, call);
        call.start(started.new Listener(), new Metadata());
        call.request(2);
        return started;
    }

    @Override
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

    @Override
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

    @Override
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

    @Override
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
