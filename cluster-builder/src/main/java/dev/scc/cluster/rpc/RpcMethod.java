package dev.scc.cluster.rpc;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * One method of a service, the same object on both sides.
 *
 * @param <Q> the record that a request is
 * @param <A> the record that an answer is
 */
public final class RpcMethod<Q, A> {
    private final MethodDescriptor<Q, A> descriptor;
    private final MethodDescriptor<Bytes, A> served;
    private final Cbor<Q> requests;
    private final Access access;
    private final Function<Q, String> about;
    private final Function<A, Optional<RpcFailed>> failure;

    private RpcMethod(MethodType type, String service, String name, Access access, Class<Q> request, Class<A> answer) {
        this.access = access;
        this.about = _ -> "";
        this.failure = _ -> Optional.empty();
        requests = new Cbor<>(request);
        Cbor<A> answers = new Cbor<>(answer);
        String fullName = MethodDescriptor.generateFullMethodName(service, name);
        descriptor = MethodDescriptor.newBuilder(requests, answers)
                .setType(type)
                .setFullMethodName(fullName)
                .build();
        // What a marshaller throws on the serving side ends the call without a reason: there the call decodes by
        // itself.
        served = MethodDescriptor.newBuilder(new Undecoded(), answers)
                .setType(type)
                .setFullMethodName(fullName)
                .build();
    }

    private RpcMethod(RpcMethod<Q, A> of, Function<Q, String> about, Function<A, Optional<RpcFailed>> failure) {
        descriptor = of.descriptor;
        served = of.served;
        requests = of.requests;
        access = of.access;
        this.about = about;
        this.failure = failure;
    }

    /** One request, one answer. */
    public static <Q, A> RpcMethod<Q, A> unary(
            String service, String name, Access access, Class<Q> request, Class<A> answer) {
        return new RpcMethod<>(MethodType.UNARY, service, name, access, request, answer);
    }

    /** One request, any number of answers. */
    public static <Q, A> RpcMethod<Q, A> streaming(
            String service, String name, Access access, Class<Q> request, Class<A> answer) {
        return new RpcMethod<>(MethodType.SERVER_STREAMING, service, name, access, request, answer);
    }

    /** Any number of requests and answers, independent of each other. */
    public static <Q, A> RpcMethod<Q, A> bidirectional(
            String service, String name, Access access, Class<Q> request, Class<A> answer) {
        return new RpcMethod<>(MethodType.BIDI_STREAMING, service, name, access, request, answer);
    }

    /** The same, with what observers are told that a request is about: no secret. */
    public RpcMethod<Q, A> about(Function<Q, String> of) {
        return new RpcMethod<>(this, of, failure);
    }

    /** The same, with what observers are told of answers that tell of a failure. */
    public RpcMethod<Q, A> failing(Function<A, Optional<RpcFailed>> by) {
        return new RpcMethod<>(this, about, by);
    }

    String aboutOf(Q request) {
        return about.apply(request);
    }

    Optional<RpcFailed> failureIn(A answer) {
        return failure.apply(answer);
    }

    /** Who may call it. */
    public Access access() {
        return access;
    }

    /** Service and method, such as {@code scc.Server/Nodes}. */
    public String name() {
        return descriptor.getFullMethodName();
    }

    MethodDescriptor<Q, A> descriptor() {
        return descriptor;
    }

    MethodDescriptor<Bytes, A> served() {
        return served;
    }

    /** What a request is. */
    Class<Q> request() {
        return requests.type();
    }

    Q decode(Bytes request) throws RpcFailed {
        return requests.decode(request.content());
    }

    private record Undecoded() implements MethodDescriptor.Marshaller<Bytes> {
        @Override
        public InputStream stream(Bytes value) {
            return new ByteArrayInputStream(value.content());
        }

        @Override
        public Bytes parse(InputStream stream) {
            try {
                return Bytes.owning(stream.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
