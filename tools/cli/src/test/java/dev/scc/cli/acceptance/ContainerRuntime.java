package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A containerd of this test's own, whose containers on each node of a testbed of network namespaces have {@code scc-cni} for
 * their network. It has no image: its containers' root is a busybox.
 */
final class ContainerRuntime implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String PLUGINS_WE_NEED_NOT = """
            version = 2
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.btrfs",
              "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper",
              "io.containerd.snapshotter.v1.aufs", "io.containerd.internal.v1.opt"]
            """;
    /** Where ctr looks for plugins and configurations is fixed: both are there for it alone. */
    private static final String IN_OWN_MOUNTS = """
            mount -t tmpfs none /opt && mkdir /opt/cni && ln -s "$0/bin" /opt/cni/bin &&
            mount -t overlay overlay -o lowerdir="$1:/etc" /etc && shift && exec ctr "$@"
            """;

    private final Path directory;
    private final Path agents;
    private final String vpc;
    private Process containerd;

    private ContainerRuntime(Path directory, Path agents, String vpc, Process containerd) {
        this.directory = directory;
        this.agents = agents;
        this.vpc = vpc;
        this.containerd = containerd;
    }

    /**
     * Starts it.
     *
     * @param agents the data directories of the nodes' agents
     * @param vpc that the containers are put into
     */
    static ContainerRuntime start(Path directory, Path agents, List<String> nodes, String vpc) throws IOException {
        Path programs = Files.createDirectories(directory.resolve("rootfs/bin"));
        Files.createDirectories(directory.resolve("rootfs/proc"));
        Files.copy(Path.of("/bin/busybox"), programs.resolve("busybox"), StandardCopyOption.REPLACE_EXISTING);
        Files.createDirectories(directory.resolve("bin"));
        Files.copy(plugin(), directory.resolve("bin/scc-cni"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(directory.resolve("config.toml"), PLUGINS_WE_NEED_NOT);
        Process containerd = containerd(directory);
        ContainerRuntime runtime = new ContainerRuntime(directory, agents, vpc, containerd);
        for (String node : nodes) {
            Path configurations = Files.createDirectories(runtime.etc(node).resolve("cni/net.d"));
            Files.writeString(
                    configurations.resolve("10-pods.conflist"),
                    "{\"cniVersion\":\"1.0.0\",\"name\":\"pods\",\"plugins\":[" + runtime.configuration(node, "")
                            + "]}");
        }
        await().atMost(LONG)
                .until(() -> runtime.ctr(nodes.getFirst(), "version").ok());
        return runtime;
    }

    private static Process containerd(Path directory) throws IOException {
        return new ProcessBuilder(
                        "containerd",
                        "--config",
                        directory.resolve("config.toml").toString(),
                        "--root",
                        directory.resolve("root").toString(),
                        "--state",
                        directory.resolve("state").toString(),
                        "--address",
                        directory.resolve("sock").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
    }

    /** Ends containerd as by {@code kill -9}; the containers go on. */
    void crash() {
        containerd.destroyForcibly();
        containerd.onExit().join();
    }

    /** After a crash. */
    void startAgain() throws IOException {
        containerd = containerd(directory);
        await().atMost(LONG).until(() -> ctr("n1", "version").ok());
    }

    private static Path plugin() {
        return Scc.root().resolve("tools/cli/target/dist/native/scc-cni");
    }

    private Path etc(String node) {
        return directory.resolve(node);
    }

    private String configuration(String node, String more) {
        return "{\"type\":\"scc-cni\",\"vpc\":\"" + vpc + "\",\"socket\":\""
                + agents.resolve(node).resolve("cni.sock") + "\"" + more + "}";
    }

    /**
     * Two pings, each answered, from a container on a node under an id. Its exit status tells: {@code ctr} loses the end of
     * what a container prints when that ends just then.
     */
    void ping(String node, String id, String address) {
        String one = "/bin/busybox ping -c 1 -W 5 " + address;
        CommandResult ran = container(node, id, "--rm", "sh", "-c", one + " && " + one);
        assertThat(ran.status()).as(ran.output() + ran.errors()).isZero();
    }

    /** One that goes on. */
    void start(String node, String id, String... command) {
        CommandResult ran = container(node, id, "--detach", command);
        assertThat(ran.status()).as(ran.output() + ran.errors()).isZero();
    }

    private CommandResult container(String node, String id, String how, String... command) {
        List<String> words = new ArrayList<>(List.of(
                "run",
                how,
                "--cni",
                "--runc-root",
                directory.resolve("runc").toString(),
                "--rootfs",
                directory.resolve("rootfs").toString(),
                id,
                "/bin/busybox"));
        words.addAll(List.of(command));
        return ctr(node, words.toArray(String[]::new));
    }

    /** Ends it as by a crash; {@code ctr} then tells no plugin of it. */
    void kill(String node, String id) {
        ctr(node, "task", "kill", "--signal", "9", id);
        await().atMost(LONG).until(() -> {
            ctr(node, "task", "rm", id);
            return ctr(node, "container", "rm", id).ok();
        });
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
                .withInput(configuration(node, ",\"cniVersion\":\"1.1.0\",\"name\":\"pods\"" + more))
                .within(LONG);
    }

    private CommandResult ctr(String node, String... words) {
        List<String> argv = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                IN_OWN_MOUNTS,
                directory.toString(),
                etc(node).toString(),
                "--address",
                directory.resolve("sock").toString()));
        argv.addAll(List.of(words));
        return run(Command.of(argv).within(LONG));
    }

    private static CommandResult run(Command command) {
        try {
            return new LocalCommands().run(command);
        } catch (CommandFailed e) {
            throw new AssertionError(String.join(" ", command.argv()), e);
        }
    }

    @Override
    public void close() {
        containerd.destroy();
        containerd.onExit().join();
    }
}
