package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One whose containers on each node of a testbed of network namespaces have {@code scc-cni} for their network. All that it has is
 * in a directory of this test's own. It has no image: its containers' root is a busybox.
 */
abstract class ContainerRuntime implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(60);
    static final String NETWORK = "pods";

    private final Path directory;
    private final Path agents;
    private final String vpc;

    /**
     * Writes what containers need.
     *
     * @param agents the data directories of the nodes' agents
     * @param vpc that the containers are put into
     */
    ContainerRuntime(Path directory, Path agents, List<String> nodes, String vpc) throws IOException {
        this.directory = directory;
        this.agents = agents;
        this.vpc = vpc;
        Path programs = Files.createDirectories(rootfs().resolve("bin"));
        Files.createDirectories(rootfs().resolve("proc"));
        Files.copy(Path.of("/bin/busybox"), programs.resolve("busybox"), StandardCopyOption.REPLACE_EXISTING);
        Files.createDirectories(plugins());
        Files.copy(plugin(), plugins().resolve("scc-cni"), StandardCopyOption.REPLACE_EXISTING);
        for (String node : nodes) {
            Files.writeString(
                    Files.createDirectories(networks(node)).resolve("10-pods.conflist"),
                    "{\"cniVersion\":\"1.0.0\",\"name\":\"" + NETWORK + "\",\"plugins\":[" + configuration(node, "")
                            + "]}");
        }
    }

    Path directory() {
        return directory;
    }

    Path rootfs() {
        return directory.resolve("rootfs");
    }

    Path plugins() {
        return directory.resolve("bin");
    }

    /** Stands for {@code /etc} on that node. */
    Path etc(String node) {
        return directory.resolve(node);
    }

    /** Where the networks of that node's containers are described. */
    Path networks(String node) {
        return etc(node).resolve("cni/net.d");
    }

    private static Path plugin() {
        return Scc.root().resolve("tools/cli/target/dist/native/scc-cni");
    }

    private String configuration(String node, String more) {
        return "{\"type\":\"scc-cni\",\"vpc\":\"" + vpc + "\",\"socket\":\""
                + agents.resolve(node).resolve("cni.sock") + "\"" + more + "}";
    }

    /**
     * Runs one.
     *
     * @param how {@code --rm} or {@code --detach}
     * @param command of busybox
     */
    abstract CommandResult container(String node, String id, String how, String... command);

    /**
     * Two pings, each answered, from a container on a node under an id. Its exit status tells: {@code ctr} loses the end of
     * what a container prints when that ends just then.
     */
    void ping(String node, String id, String address) {
        String one = "/bin/busybox ping -c 1 -W 5 " + address;
        requireOk(container(node, id, "--rm", "sh", "-c", one + " && " + one));
    }

    /** One that goes on. */
    void start(String node, String id) {
        requireOk(container(node, id, "--detach", "sleep", "600"));
    }

    static void requireOk(CommandResult ran) {
        assertThat(ran.status()).as(ran.output() + ran.errors()).isZero();
    }

    /** The plugin as a runtime starts it. */
    CommandResult plugin(String node, String command, String container, String namespace, String more) {
        return run(plugin(List.of(plugin().toString()), node, command, container, namespace, more));
    }

    /** The same, killed when that time is over if it has not ended. */
    void killedPlugin(Duration after, String node, String command, String container, String namespace) {
        List<String> killed =
                List.of("timeout", "-s", "KILL", Double.toString(after.toMillis() / 1000.0), plugin().toString());
        run(plugin(killed, node, command, container, namespace, ""));
    }

    private Command plugin(
            List<String> argv, String node, String command, String container, String namespace, String more) {
        return Command.of(argv)
                .withEnvironment(Map.of(
                        "CNI_COMMAND", command,
                        "CNI_CONTAINERID", container,
                        "CNI_IFNAME", "eth0",
                        "CNI_NETNS", namespace,
                        "CNI_PATH", "/opt/cni/bin"))
                .withInput(configuration(node, ",\"cniVersion\":\"1.1.0\",\"name\":\"" + NETWORK + "\"" + more))
                .within(LONG);
    }

    static CommandResult run(Command command) {
        try {
            return new LocalCommands().run(command);
        } catch (CommandFailed e) {
            throw new AssertionError(String.join(" ", command.argv()), e);
        }
    }

    @Override
    public abstract void close();
}
