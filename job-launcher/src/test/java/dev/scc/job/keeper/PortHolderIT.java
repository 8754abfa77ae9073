package dev.scc.job.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Ipv4;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.command.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listening sockets of this process, in its own network namespace and in another. */
@Timeout(240)
class PortHolderIT {
    private static final NetworkNamespace OWN = NetworkNamespace.own();
    private static final Ipv4 ADDRESS = Ipv4.parse("127.0.0.1");
    private static final LocalCommands MACHINE = new LocalCommands();

    private final String other =
            "scc-port-%08x".formatted(ThreadLocalRandom.current().nextInt());

    @BeforeEach
    void make() throws CommandFailed {
        MACHINE.check(Command.of("ip", "netns", "add", other));
        MACHINE.check(Command.of("ip", "netns", "exec", other, "ip", "link", "set", "lo", "up"));
    }

    @AfterEach
    void remove() throws CommandFailed {
        MACHINE.check(Command.of("ip", "netns", "del", other));
    }

    private static ServerSocketChannel listen(StandardProtocolFamily family, String address) throws IOException {
        return ServerSocketChannel.open(family).bind(new InetSocketAddress(address, 0));
    }

    private static int port(ServerSocketChannel socket) throws IOException {
        return ((InetSocketAddress) socket.getLocalAddress()).getPort();
    }

    private static String thisProcess() throws IOException {
        return "process " + ProcessHandle.current().pid() + " ("
                + Files.readString(Path.of("/proc/self/comm")).strip() + ")";
    }

    @ParameterizedTest
    @CsvSource({"INET, 127.0.0.1", "INET, 0.0.0.0", "INET6, 127.0.0.1", "INET6, 0.0.0.0", "INET6, ::"})
    void whoeverListensThereOrAtAllAddressesIsNamed(StandardProtocolFamily family, String address) throws Exception {
        try (ServerSocketChannel socket = listen(family, address)) {
            assertThat(PortHolder.of(OWN, ADDRESS, port(socket))).contains(thisProcess());
        }
    }

    /** That an address is not there is another failure to bind, and nobody's fault. */
    @ParameterizedTest
    @CsvSource({"INET, 127.0.0.2", "INET6, 127.0.0.2", "INET6, ::1"})
    void whoeverListensOnTheSamePortOfAnotherAddressIsNot(StandardProtocolFamily family, String address)
            throws Exception {
        try (ServerSocketChannel socket = listen(family, address)) {
            assertThat(PortHolder.of(OWN, ADDRESS, port(socket))).isEmpty();
        }
    }

    @Test
    void aPortIsHeldInTheNetworkNamespaceWhereSomebodyListens() throws Exception {
        NetworkNamespace node = NetworkNamespace.named(other);
        try (ServerSocketChannel socket = node.inside(() -> listen(StandardProtocolFamily.INET, "127.0.0.1"))) {
            assertThat(PortHolder.of(node, ADDRESS, port(socket))).contains(thisProcess());
            assertThat(PortHolder.of(OWN, ADDRESS, port(socket))).isEmpty();
        }
    }
}
