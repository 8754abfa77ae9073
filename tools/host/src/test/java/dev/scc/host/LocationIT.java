package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that is a network namespace of this machine. */
class LocationIT {
    private static final int PORT = 7070;

    private final LocalCommands machine = new LocalCommands();
    private final String name =
            "scc-host-%08x".formatted(ThreadLocalRandom.current().nextInt());
    private final Location node = new Location.Namespace(name, new NodeName("n7"));

    @BeforeEach
    void make() throws CommandFailed {
        machine.check(Command.of("ip", "netns", "add", name));
        node.commands().check(Command.of("ip", "link", "set", "lo", "up"));
        node.commands().check(Command.of("ip", "link", "add", "only-here", "type", "bridge"));
    }

    @AfterEach
    void remove() throws CommandFailed {
        machine.check(Command.of("ip", "netns", "del", name));
    }

    @Test
    void whatListensOnTheNodeAnswersThereAndNotOnThisMachine() throws Exception {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        try (ServerSocket inside = node.sockets().createServerSocket(0, 5, loopback)) {
            Thread answering = Thread.ofVirtual().start(() -> answer(inside));
            int port = inside.getLocalPort();

            String heard = node.commands().check(Command.of("busybox", "nc", "127.0.0.1", Integer.toString(port)));

            assertThat(heard).isEqualTo("here");
            answering.join();
            try (Socket outside = new Socket()) {
                assertThatThrownBy(() -> outside.connect(new InetSocketAddress(loopback, port), 1000))
                        .isInstanceOf(IOException.class);
            }
        }
    }

    private static void answer(ServerSocket socket) {
        try (Socket caller = socket.accept()) {
            caller.getOutputStream().write("here".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void oneAddressIsFreeOnEachOfTwoNodes() throws Exception {
        InetAddress any = InetAddress.ofLiteral("0.0.0.0");
        try (ServerSocket inside = node.sockets().createServerSocket(0, 5, any);
                ServerSocket here = new ServerSocket(inside.getLocalPort())) {
            assertThat(here.getLocalPort()).isEqualTo(inside.getLocalPort());
        }
    }

    @Test
    void programsOfOneCompanyShareWhatThoseOfAMachineDoAndOthersDoNot() throws Exception {
        try (Location.Company one = node.company();
                Location.Company other = node.company()) {
            String first = ipc(one.enter());

            assertThat(ipc(one.enter())).isEqualTo(first);
            assertThat(ipc(other.enter())).isNotEqualTo(first);
            assertThat(ipc(node.enter())).isNotEqualTo(first);
            assertThat(ipc(List.of())).isNotEqualTo(first);
        }
    }

    private String ipc(List<String> enter) throws CommandFailed {
        List<String> words = new ArrayList<>(enter);
        words.addAll(List.of("readlink", "/proc/self/ns/ipc"));
        return machine.check(Command.of(words));
    }

    @Test
    void onTheMachineItselfEverybodyIsInOneCompany() throws Exception {
        try (Location.Company company = new Location.Machine().company()) {
            assertThat(ipc(company.enter())).isEqualTo(ipc(List.of()));
        }
    }

    @Test
    void threadsStartedAfterwardsAreNotOnTheNode() throws Exception {
        String before = machine.check(Command.of("ip", "-o", "link"));

        node.sockets().createServerSocket().close();

        List<Thread> threads = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    String links = machine.check(Command.of("ip", "-o", "link"));
                    synchronized (seen) {
                        seen.add(links);
                    }
                } catch (CommandFailed e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(seen).hasSize(50).containsOnly(before).noneMatch(links -> links.contains("only-here"));
    }

    @Test
    void aProgramOnTheNodeSeesItsNameItsInterfacesAndTheControlGroups() throws Exception {
        List<String> argv = new ArrayList<>(node.enter());
        argv.addAll(List.of("sh", "-c", "uname -n; ls /sys/class/net; stat -f -c %T /sys/fs/cgroup; ipcs -q | wc -l"));

        List<String> said = machine.check(Command.of(argv)).lines().toList();

        assertThat(said).contains("n7", "only-here");
        assertThat(said.getLast()).isEqualTo("4");
        assertThat(said).containsAnyOf("tmpfs", "cgroup2fs");
    }

    @Test
    void theExitStatusOfAProgramOnTheNodeIsPassedOn() throws Exception {
        assertThat(exit("sh", "-c", "exit 42")).isEqualTo(42);
        assertThat(exit("/no/such/program")).isEqualTo(127);
        assertThat(exit("/etc/passwd")).isEqualTo(126);
    }

    private int exit(String... argv) throws CommandFailed {
        List<String> all = new ArrayList<>(node.enter());
        all.addAll(List.of(argv));
        return machine.run(Command.of(all)).status();
    }

    @Test
    void aNodeThatIsNotThereIsSaidToBeMissing() throws Exception {
        Location missing = new Location.Namespace(name + "-not", new NodeName("n8"));

        assertThatThrownBy(() -> missing.commands().run(Command.of("true")))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining(name + "-not");
        assertThatThrownBy(() -> missing.sockets().createServerSocket(PORT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(name + "-not");
    }
}
