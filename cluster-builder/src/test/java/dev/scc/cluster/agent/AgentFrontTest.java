package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.FreePorts;
import dev.scc.cluster.rpc.Connections;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.Prober;
import dev.scc.host.Ipv4;
import dev.scc.host.ListeningChannels;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathProber;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AgentFrontTest {
    private static final Identity IDENTITY =
            new Identity(new NodeName("n1"), "instance", Ipv4.parse("127.0.0.1"), "", "", "test");
    private static final Prober PROBER = (plan, passedOver, results) -> {
        throw new CannotVerify("not asked for here");
    };
    private static final AgentProcess.Extension QUIET = new AgentProcess.Extension() {
        @Override
        public List<ServerServiceDefinition> services() {
            return List.of();
        }

        @Override
        public List<LeaveHook> leaveHooks() {
            return List.of();
        }

        @Override
        public LeftoverService.Source leftovers() {
            return remove -> List.of();
        }
    };

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static AgentFront open(int port, AgentProcess.ExtensionMaker maker) throws IOException {
        return AgentFront.open(
                ListeningChannels.ofThisProcess(),
                loopback(port),
                Connections.plain(),
                IDENTITY,
                PROBER,
                PathProber.ofModel(),
                List.of(maker));
    }

    /** An extension ends what is left of an earlier agent's jobs; those of one that still runs are none of that. */
    @Test
    void noExtensionIsMadeWhileAnotherAgentHasThePort() throws Exception {
        AtomicBoolean made = new AtomicBoolean();
        try (AgentFront first = open(0, (served, address) -> QUIET)) {

            assertThatThrownBy(() -> open(first.port(), (served, address) -> {
                        made.set(true);
                        return QUIET;
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on");
        }

        assertThat(made).isFalse();
    }

    @Test
    void thePortIsHeldWhileAnExtensionIsMadeAndFreeAgainIfItCannotBe() throws Exception {
        int port = FreePorts.one();

        assertThatThrownBy(() -> open(port, (served, address) -> {
                    assertThatThrownBy(() -> new ServerSocket(port, 1, InetAddress.getLoopbackAddress()))
                            .isInstanceOf(BindException.class);
                    throw new IllegalStateException("cannot be made");
                }))
                .hasMessage("cannot be made");

        try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(again.isBound()).isTrue();
        }
    }
}
