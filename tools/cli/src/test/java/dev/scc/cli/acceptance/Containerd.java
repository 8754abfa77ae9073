package dev.scc.cli.acceptance;

import static org.awaitility.Awaitility.await;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A containerd of this test's own. */
final class Containerd extends ContainerRuntime {
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

    private Process daemon;

    private Containerd(Path directory, Path agents, List<String> nodes, String vpc) throws IOException {
        super(directory, agents, nodes, vpc);
        Files.writeString(directory.resolve("config.toml"), PLUGINS_WE_NEED_NOT);
        daemon = daemon(directory);
    }

    /** Starts it; for its parameters see {@link ContainerRuntime}. */
    static Containerd start(Path directory, Path agents, List<String> nodes, String vpc) throws IOException {
        Containerd containerd = new Containerd(directory, agents, nodes, vpc);
        containerd.awaitAnswer();
        return containerd;
    }

    private static Process daemon(Path directory) throws IOException {
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

    private void awaitAnswer() {
        await().atMost(LONG).until(() -> ctr("n1", "version").ok());
    }

    /** Ends containerd as by {@code kill -9}; the containers go on. */
    void crash() {
        daemon.destroyForcibly();
        daemon.onExit().join();
    }

    /** After a crash. */
    void startAgain() throws IOException {
        daemon = daemon(directory());
        awaitAnswer();
    }

    @Override
    CommandResult container(String node, String id, String how, String... command) {
        List<String> words = new ArrayList<>(List.of(
                "run",
                how,
                "--cni",
                "--runc-root",
                directory().resolve("runc").toString(),
                "--rootfs",
                rootfs().toString(),
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

    private CommandResult ctr(String node, String... words) {
        List<String> argv = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                IN_OWN_MOUNTS,
                directory().toString(),
                etc(node).toString(),
                "--address",
                directory().resolve("sock").toString()));
        argv.addAll(List.of(words));
        return run(Command.of(argv).within(LONG));
    }

    @Override
    public void close() {
        daemon.destroy();
        daemon.onExit().join();
    }
}
