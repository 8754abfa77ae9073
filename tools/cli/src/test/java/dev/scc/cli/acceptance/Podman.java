package dev.scc.cli.acceptance;

import static org.awaitility.Awaitility.await;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A podman of each node's own. Only what its CNI library notes of an interface is elsewhere, in {@code /var/lib/cni}, until the
 * plugin has been told that the interface is deleted.
 */
final class Podman extends ContainerRuntime {
    private final List<String> nodes;
    private final String cgroup;

    /** For its parameters see {@link ContainerRuntime}. */
    Podman(Path directory, Path agents, List<String> nodes, String vpc) throws IOException {
        super(directory, agents, nodes, vpc);
        this.nodes = List.copyOf(nodes);
        cgroup = "scc-podman-" + directory.getFileName();
        for (String node : nodes) {
            // It would raise limits otherwise, which is refused where the machine is a container itself.
            Files.writeString(configuration(node), """
                    [containers]
                    default_ulimits = []
                    [engine]
                    cgroup_manager = "cgroupfs"
                    events_logger = "none"
                    lock_type = "file"
                    [network]
                    network_backend = "cni"
                    cni_plugin_dirs = ["%s"]
                    network_config_dir = "%s"
                    """.formatted(plugins(), networks(node)));
        }
    }

    private Path configuration(String node) {
        return etc(node).resolve("containers.conf");
    }

    @Override
    CommandResult container(String node, String id, String how, String... command) {
        List<String> words = new ArrayList<>(List.of(
                "run",
                how,
                "--name",
                id,
                "--network",
                NETWORK,
                "--cgroup-parent",
                "/" + cgroup,
                "--rootfs",
                rootfs().toString(),
                "/bin/busybox"));
        words.addAll(List.of(command));
        return podman(node, words.toArray(String[]::new));
    }

    void restart(String node, String id) {
        requireOk(podman(node, "restart", "--time", "0", id));
    }

    void remove(String node, String id) {
        requireOk(podman(node, "rm", "--force", "--time", "0", id));
    }

    private CommandResult podman(String node, String... words) {
        List<String> argv = new ArrayList<>(List.of(
                "podman",
                "--root",
                etc(node).resolve("root").toString(),
                "--runroot",
                etc(node).resolve("runroot").toString(),
                "--tmpdir",
                etc(node).resolve("tmp").toString(),
                "--storage-driver",
                "vfs",
                "--runtime",
                "runc",
                "--runtime-flag",
                "root=" + etc(node).resolve("runc")));
        argv.addAll(List.of(words));
        return run(Command.of(argv)
                .withEnvironment(Map.of("CONTAINERS_CONF", configuration(node).toString()))
                .within(LONG));
    }

    /** Removes all containers, and their cgroups: podman leaves some that are empty. */
    @Override
    public void close() {
        for (String node : nodes) {
            requireOk(podman(node, "rm", "--force", "--all", "--time", "0"));
        }
        Command remove = Command.of("find", "/sys/fs/cgroup", "-type", "d", "-path", "*/" + cgroup + "*", "-delete");
        await().atMost(LONG).until(() -> run(remove).ok());
    }
}
