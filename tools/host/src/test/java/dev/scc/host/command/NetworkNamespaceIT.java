package dev.scc.host.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkNamespaceIT {
    private static final Path THREAD = Path.of("/proc/thread-self/ns/net");

    private final String name =
            "scc-in-%08x".formatted(ThreadLocalRandom.current().nextInt());
    private final LocalCommands machine = new LocalCommands();
    private final NetworkNamespace namespace = NetworkNamespace.named(name);

    @BeforeEach
    void add() throws CommandFailed {
        machine.check(Command.of("ip", "netns", "add", name));
        machine.check(Command.of("ip", "-n", name, "link", "add", "only0", "type", "bridge"));
    }

    @AfterEach
    void remove() throws CommandFailed {
        machine.run(Command.of("ip", "netns", "del", name));
    }

    /** The interfaces that the calling thread sees; {@code /proc/net} is the main thread's. */
    private static List<String> netdevs() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/net/dev")).stream()
                .skip(2)
                .map(line -> line.substring(0, line.indexOf(':')).strip())
                .toList();
    }

    @Test
    void aTaskIsInsideAndItsCallerIsNot() throws Exception {
        Path before = Files.readSymbolicLink(THREAD);

        assertThat(namespace.inside(NetworkNamespaceIT::netdevs)).containsExactlyInAnyOrder("lo", "only0");

        assertThat(Files.readSymbolicLink(THREAD)).isEqualTo(before);
        assertThat(netdevs()).doesNotContain("only0");
        assertThat(NetworkNamespace.own().inside(NetworkNamespaceIT::netdevs)).isEqualTo(netdevs());
    }

    @Test
    void aNamespaceThatIsNotThereIsNamed() throws Exception {
        machine.check(Command.of("ip", "netns", "del", name));

        assertThatThrownBy(() -> namespace.inside(NetworkNamespaceIT::netdevs))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("network namespace " + name)
                .hasMessageContaining("No such file or directory");
    }

    @Test
    void commandsRunInsideAndNoThreadOfOursStays() throws Exception {
        String inside = namespace
                .commands()
                .check(Command.of("readlink", "/proc/self/ns/net"))
                .strip();

        assertThat(inside).isNotEqualTo(Files.readSymbolicLink(THREAD).toString());
        assertThat(namespace.commands().check(Command.of("ip", "-o", "link"))).contains("only0");
        // A thread that stayed would keep the namespace in being after its removal.
        await().untilAsserted(() -> {
            try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
                assertThat(threads.map(thread -> thread.resolve("ns/net")).filter(Files::exists))
                        .allSatisfy(net -> assertThat(Files.readSymbolicLink(net))
                                .asString()
                                .isNotEqualTo(inside));
            }
        });
    }

    @Test
    void aCommandInANamespaceThatIsNotThereFails() throws Exception {
        machine.check(Command.of("ip", "netns", "del", name));

        assertThatThrownBy(() -> namespace.commands().run(Command.of("true")))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("cannot start \"true\" in network namespace " + name)
                .hasMessageContaining("No such file or directory");
    }

    @Test
    void whatTheTaskThrowsComesThrough() {
        assertThatThrownBy(() -> namespace.inside(() -> {
                    throw new IOException("of the task");
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("of the task");
        assertThatThrownBy(() -> namespace.inside(() -> {
                    throw new IllegalArgumentException("of the task");
                }))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
