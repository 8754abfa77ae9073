package dev.scc.cluster.rpc;

import io.grpc.Status;
import java.io.IOException;

/** A call that did not end well. The message names the other side and says why. */
public final class RpcFailed extends Exception {
    private static final long serialVersionUID = 1L;

    /** What sort of failure it is, as far as a caller may act on it. */
    public enum Kind {
        /** Nobody answers at that address, or the connection broke. Whether the request took effect is unknown. */
        UNREACHABLE,
        /** No answer before the deadline. Whether the request took effect is unknown. */
        TIMED_OUT,
        /** The other side understood and declined: what is asked for does not fit its state. */
        REFUSED,
        /** The other side is still at something of the same sort, and can do one at a time. The request may be repeated. */
        BUSY,
        /** The request makes no sense to the other side. */
        INVALID,
        /** The other side does not do that for this caller. */
        NOT_ENTITLED,
        /** The other side does not have such a method: it may be of another version, or something else altogether. */
        UNKNOWN_METHOD,
        /** The other side gave up on the call. */
        CANCELLED,
        /** The other side tried and failed. */
        FAILED
    }

    private final Kind kind;

    public RpcFailed(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    private RpcFailed(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** What a status received from {@code peer} means, such as {@code agent at 10.99.0.11:7070}. */
    static RpcFailed of(String peer, String method, Status status) {
        String description = status.getDescription() == null ? "no reason given" : status.getDescription();
        return switch (status.getCode()) {
            case UNAVAILABLE ->
                new RpcFailed(
                        Kind.UNREACHABLE, peer + " cannot be reached: " + rootOf(status, description), cause(status));
            case DEADLINE_EXCEEDED ->
                new RpcFailed(Kind.TIMED_OUT, peer + " did not answer " + method + " in time", cause(status));
            case RESOURCE_EXHAUSTED -> new RpcFailed(Kind.BUSY, description);
            case FAILED_PRECONDITION -> new RpcFailed(Kind.REFUSED, description);
            case PERMISSION_DENIED -> new RpcFailed(Kind.NOT_ENTITLED, description);
            case INVALID_ARGUMENT -> new RpcFailed(Kind.INVALID, description);
            case CANCELLED ->
                new RpcFailed(Kind.CANCELLED, peer + " cancelled " + method + ": " + description, cause(status));
            case UNIMPLEMENTED ->
                new RpcFailed(Kind.UNKNOWN_METHOD, peer + " does not know " + method + ": is it of another version?");
            default -> new RpcFailed(broke(status) ? Kind.UNREACHABLE : Kind.FAILED, description, cause(status));
        };
    }

    /**
     * Whether this side's connection broke: what the other side says has no cause here. gRPC tells of one that has closed just before
     * a call begins, as when its server was killed, as of something unknown.
     */
    private static boolean broke(Status status) {
        return status.getCause() instanceof IOException;
    }

    /** What goes over the wire for a failure of a handler. */
    static Status statusOf(RpcFailed failure) {
        Status status = switch (failure.kind) {
            case UNREACHABLE -> Status.UNAVAILABLE;
            case TIMED_OUT -> Status.DEADLINE_EXCEEDED;
            case BUSY -> Status.RESOURCE_EXHAUSTED;
            case REFUSED -> Status.FAILED_PRECONDITION;
            case INVALID -> Status.INVALID_ARGUMENT;
            case NOT_ENTITLED -> Status.PERMISSION_DENIED;
            case UNKNOWN_METHOD -> Status.UNIMPLEMENTED;
            case CANCELLED -> Status.CANCELLED;
            case FAILED -> Status.UNKNOWN;
        };
        return status.withDescription(failure.getMessage());
    }

    private static Throwable cause(Status status) {
        return status.getCause() == null ? status.asRuntimeException() : status.getCause();
    }

    private static String rootOf(Status status, String description) {
        Throwable cause = status.getCause();
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == null || cause.getMessage() == null ? description : cause.getMessage();
    }
}
