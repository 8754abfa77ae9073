package dev.scc.cluster.rpc;

import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Revocations;
import dev.scc.host.UserMistake;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call on the serving side: gRPC's callbacks turned into blocking reads and writes. At most one request is buffered
 * (the next is asked for when the handler takes one), and a write waits while gRPC's own buffer is full, so that neither
 * side can flood the other.
 */
final class ServedCall<Q, A> extends ServerCall.Listener<Bytes> implements Requests<Q>, Answers<A> {
    private static final Logger log = LoggerFactory.getLogger(ServedCall.class);

    private final ServerCall<Bytes, A> call;
    private final RpcMethod<Q, A> method;
    private final RpcService.Bidirectional<Q, A> handler;
    private final Connections connections;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    /** There is something for the one who reads. */
    private final Condition readable = lock.newCondition();

    /** There is room for one of those who write, who wakes the next. Many may wait: each rank of a node does. */
    private final Condition writable = lock.newCondition();

    private final Queue<Bytes> requests = new ArrayDeque<>();
    private volatile boolean revoked;

    /** What the request was about, or of several the last that said so. Of the handler's thread. */
    private String about = "";

    /** What an answer has told of a failure. */
    private volatile Optional<RpcFailed> told = Optional.empty();

    private boolean noMoreRequests;
    private boolean cancelled;
    private boolean headersSent;
    private boolean ended;

    ServedCall(
            ServerCall<Bytes, A> call,
            RpcMethod<Q, A> method,
            RpcService.Bidirectional<Q, A> handler,
            Connections connections) {
        this.connections = connections;
        this.call = call;
        this.method = method;
        this.handler = handler;
        thread = Thread.ofVirtual()
                .name(call.getMethodDescriptor().getFullMethodName())
                .unstarted(this::serve);
    }

    void start() {
        // Two: for a method with one request, gRPC tells of the caller's end of stream only when a second is asked for.
        call.request(2);
        thread.start();
    }

    private void serve() {
        Status status;
        Optional<RpcFailed.Kind> failure;
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        Optional<X509Certificate> shown = session == null ? Optional.empty() : Certificates.shown(session);
        Caller caller = caller(session, shown);
        try (Revocations.Watch _ = shown.map(
                        certificate -> connections.revocations().watch(certificate, this::putOut))
                .orElse(() -> {})) {
            requireEntitled(caller);
            handler.handle(caller, this, this);
            status = Status.OK;
            failure = told.map(RpcFailed::kind);
        } catch (RpcFailed e) {
            status = RpcFailed.statusOf(e);
            failure = Optional.of(e.kind());
        } catch (UserMistake e) {
            status = Status.INVALID_ARGUMENT.withDescription(e.getMessage()).withCause(e);
            failure = Optional.of(RpcFailed.Kind.INVALID);
        } catch (InterruptedException e) {
            RpcFailed interrupted = interrupted(caller, shown);
            status = RpcFailed.statusOf(interrupted);
            failure = Optional.of(interrupted.kind());
        } catch (RuntimeException | Error e) {
            log.atError()
                    .addKeyValue("method", call.getMethodDescriptor().getFullMethodName())
                    .setCause(e)
                    .log("a defect in scc ended a call");
            status = Status.INTERNAL.withDescription("a defect in scc: " + e).withCause(e);
            failure = Optional.of(RpcFailed.Kind.FAILED);
        }
        observe(caller, failure, status);
        end(status);
    }

    /** Whoever has another certificate by now goes on with that, on another connection. */
    private RpcFailed interrupted(Caller caller, Optional<X509Certificate> shown) {
        if (!revoked) {
            return new RpcFailed(RpcFailed.Kind.CANCELLED, "interrupted");
        }
        return shown.filter(connections.revocations()::isPutOut).isPresent()
                ? new RpcFailed(RpcFailed.Kind.NOT_ENTITLED, caller.name() + " was revoked")
                : new RpcFailed(
                        RpcFailed.Kind.UNREACHABLE,
                        "the root that has signed the certificate of " + caller.name() + " was dropped");
    }

    private void observe(Caller caller, Optional<RpcFailed.Kind> failure, Status status) {
        String why = told.map(RpcFailed::getMessage).orElse(status.getDescription());
        connections
                .observer()
                .ended(new EndedCall(caller, method.name(), method.access(), about, failure, why == null ? "" : why));
    }

    private void putOut() {
        revoked = true;
        thread.interrupt();
    }

    private Caller caller(@Nullable SSLSession session, Optional<X509Certificate> shown) {
        SocketAddress from = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return new Caller(
                shown.flatMap(Principal::of),
                from instanceof InetSocketAddress internet
                        ? internet.getAddress().getHostAddress() + ":" + internet.getPort()
                        : String.valueOf(from),
                session != null);
    }

    private void requireEntitled(Caller caller) throws RpcFailed, InterruptedException {
        if (revoked) {
            throw new InterruptedException("the caller's certificate was revoked");
        }
        if (!caller.isOneOf(method.access())) {
            throw new RpcFailed(
                    RpcFailed.Kind.NOT_ENTITLED,
                    caller.name() + " may not call " + method.name() + ": it is for " + method.access());
        }
    }

    private void end(Status status) {
        lock.lock();
        try {
            ended = true;
            readable.signalAll();
            writable.signalAll();
            if (!cancelled) {
                if (status.isOk() && !headersSent) {
                    call.sendHeaders(new Metadata());
                }
                call.close(status, new Metadata());
            }
        } catch (IllegalStateException e) {
            // The call was cancelled between our look and the close; nobody is there to be told.
            log.atDebug().setCause(e).log("call was cancelled while it ended");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Q> next() throws RpcFailed, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (requests.isEmpty() && !noMoreRequests && !cancelled && !ended) {
                readable.await();
            }
            if (cancelled || ended) {
                throw new InterruptedException("the call is over");
            }
            Bytes request = requests.poll();
            if (request == null) {
                return Optional.empty();
            }
            call.request(1);
            Q read = decoded(request);
            String said = method.aboutOf(read);
            if (!said.isEmpty()) {
                about = said;
            }
            return Optional.of(read);
        } finally {
            lock.unlock();
        }
    }

    /** What cannot be read is not repeated to observers: somebody's secret may be in it. */
    private Q decoded(Bytes request) throws RpcFailed {
        try {
            return method.decode(request);
        } catch (RpcFailed e) {
            told = Optional.of(new RpcFailed(e.kind(), "the request cannot be read"));
            throw e;
        }
    }

    @Override
    public void send(A answer) throws InterruptedException {
        method.failureIn(answer).ifPresent(failed -> told = Optional.of(failed));
        lock.lockInterruptibly();
        try {
            while (!call.isReady() && !cancelled && !ended) {
                writable.await();
            }
            if (cancelled || ended) {
                throw new InterruptedException("the caller has given up");
            }
            if (!headersSent) {
                headersSent = true;
                call.sendHeaders(new Metadata());
            }
            call.sendMessage(answer);
        } finally {
            if (call.isReady()) {
                writable.signal();
            }
            lock.unlock();
        }
    }

    @Override
    public void onMessage(Bytes request) {
        lock.lock();
        try {
            requests.add(request);
            readable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onHalfClose() {
        lock.lock();
        try {
            noMoreRequests = true;
            readable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onCancel() {
        lock.lock();
        try {
            cancelled = true;
            readable.signalAll();
            writable.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }

    @Override
    public void onReady() {
        lock.lock();
        try {
            writable.signal();
        } finally {
            lock.unlock();
        }
    }
}
