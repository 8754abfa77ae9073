package dev.scc.cluster.rpc;

import io.grpc.ServerServiceDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A service under construction: methods with the blocking code that serves them. Each call runs on a virtual thread of its
 * own, which is interrupted when the caller cancels, its deadline passes or its connection breaks. A handler that throws
 * {@link RpcFailed} fails the call with that kind and message; {@link dev.scc.host.UserMistake} counts as
 * {@link RpcFailed.Kind#INVALID}; anything else is a bug, counts as {@link RpcFailed.Kind#FAILED} and is logged with its
 * trace. What a caller gets wrong otherwise shows when its request is decoded.
 */
public final class RpcService {

    /** Serves one request with one answer. */
    @FunctionalInterface
    public interface Unary<Q, A> {
        A handle(Caller caller, Q request) throws RpcFailed, InterruptedException;
    }

    /** Serves one request with any number of answers; returning ends the call. */
    @FunctionalInterface
    public interface Streaming<Q, A> {
        void handle(Caller caller, Q request, Answers<A> answers) throws RpcFailed, InterruptedException;
    }

    /** Serves any number of requests with any number of answers; returning ends the call. */
    @FunctionalInterface
    public interface Bidirectional<Q, A> {
        void handle(Caller caller, Requests<Q> requests, Answers<A> answers) throws RpcFailed, InterruptedException;
    }

    private final ServerServiceDefinition.Builder definition;
    private final Map<String, Bidirectional<?, ?>> handlers = new HashMap<>();

    public RpcService(String name) {
        definition = ServerServiceDefinition.builder(name);
    }

    public <Q, A> RpcService unary(RpcMethod<Q, A> method, Unary<Q, A> handler) {
        return streaming(method, (caller, request, answers) -> answers.send(handler.handle(caller, request)));
    }

    public <Q, A> RpcService streaming(RpcMethod<Q, A> method, Streaming<Q, A> handler) {
        return bidirectional(
                method,
                (caller, requests, answers) -> handler.handle(
                        caller,
                        requests.next()
                                .orElseThrow(
                                        () -> new RpcFailed(RpcFailed.Kind.INVALID, "the call carries no request")),
                        answers));
    }

    public <Q, A> RpcService bidirectional(RpcMethod<Q, A> method, Bidirectional<Q, A> handler) {
        handlers.put(method.name(), handler);
        definition.addMethod(method.served(), (call, headers) -> {
            ServedCall<Q, A> served = new ServedCall<>(call, method, handler, RpcServer.connectionsOfThisCall());
            served.start();
            return served;
        });
        return this;
    }

    /**
     * The code that serves a method, for those who bring calls by another way than {@link RpcServer}, which says who calls and
     * turns away whom the method is not for.
     *
     * @return empty if the service does not have that method
     */
    @SuppressWarnings("unchecked") // It was put there with that method.
    public <Q, A> Optional<Bidirectional<Q, A>> handler(RpcMethod<Q, A> method) {
        return Optional.ofNullable((Bidirectional<Q, A>) handlers.get(method.name()));
    }

    /** What {@link RpcServer} takes. */
    public ServerServiceDefinition definition() {
        return definition.build();
    }
}
