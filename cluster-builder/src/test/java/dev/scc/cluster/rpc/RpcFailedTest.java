package dev.scc.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class RpcFailedTest {
    private static RpcFailed.Kind kind(Status status) {
        return RpcFailed.of("server at 10.0.0.1:7443", "Ask", status).kind();
    }

    /** gRPC says this of a call that begins on a connection whose server was killed a moment ago: another server may answer. */
    @Test
    void aConnectionThatHasClosedJustBeforeIsNotTheOtherSidesFailure() {
        Status closed = Status.UNKNOWN.withDescription("channel closed");

        assertThat(kind(closed.withCause(new ClosedChannelException()))).isEqualTo(RpcFailed.Kind.UNREACHABLE);
        assertThat(kind(closed)).isEqualTo(RpcFailed.Kind.FAILED);
        assertThat(kind(closed.withCause(new IllegalStateException("broken")))).isEqualTo(RpcFailed.Kind.FAILED);
    }

    @Test
    void eachKindOfFailureIsTheSameAtTheOtherEnd() {
        for (RpcFailed.Kind kind : RpcFailed.Kind.values()) {
            assertThat(kind(RpcFailed.statusOf(new RpcFailed(kind, "why")))).isEqualTo(kind);
        }
    }
}
