package dev.scc.bench;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An ssh daemon in each node, with a key of its own, and what people configure nodes with through it: pdsh and Ansible, run
 * in the bridge's namespace. The keys are made for this run; nothing of the user's own ssh is read or written. Closing, and
 * the end of the process, stops the daemons.
 */
final class SshNodes implements AutoCloseable {
    /** How many nodes pdsh talks to at once unless told otherwise. */
    private static final int FAN_OUT = 32;

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final int LOOKS = 100;
    /** Debian's sshd does not start without this directory, which its service makes. */
    private static final Path SEPARATION = Path.of("/run/sshd");

    private final Commands machine = new LocalCommands();
    private final NamespaceNodes nodes;
    private final Path shell;
    private final Path directory;
    private final List<Process> daemons = new ArrayList<>();
    private final boolean madeSeparation;
    private final Thread removal = Thread.ofPlatform().unstarted(this::stop);

    /** @param shell where the files are that configure a node, by its address */
    SshNodes(NamespaceNodes nodes, Path shell, Path directory) throws IOException, CommandFailed, InterruptedException {
        this.nodes = nodes;
        this.shell = shell;
        this.directory = directory;
        Files.createDirectories(directory);
        madeSeparation = !Files.exists(SEPARATION);
        Files.createDirectories(SEPARATION);
        Runtime.getRuntime().addShutdownHook(removal);
        try {
            key("id");
            Files.copy(directory.resolve("id.pub"), directory.resolve("authorized"));
            for (NamespaceNodes.Node node : nodes.nodes()) {
                daemon(node);
            }
            client("ssh", "");
            client(
                    "ssh-persistent",
                    "ControlMaster auto\nControlPath %s/%%C\nControlPersist 60\n".formatted(directory));
            for (int look = 0; !pdsh("ssh", "true").ok(); look++) {
                if (look == LOOKS) {
                    throw new IOException("not all ssh daemons answer; see " + directory);
                }
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (IOException | CommandFailed | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void key(String name) throws CommandFailed, IOException {
        Files.deleteIfExists(directory.resolve(name));
        machine.check(Command.of(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                directory.resolve(name).toString()));
    }

    private void daemon(NamespaceNodes.Node node) throws CommandFailed, IOException {
        String name = "host-" + node.name();
        key(name);
        Path config = directory.resolve(name + ".conf");
        Files.writeString(config, """
                Port 22
                ListenAddress %1$s
                HostKey %2$s/%3$s
                AuthorizedKeysFile %2$s/authorized
                StrictModes no
                PermitRootLogin prohibit-password
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                UsePAM no
                UseDNS no
                PrintMotd no
                PidFile none
                MaxStartups 200
                """.formatted(node.underlay(), directory, name));
        daemons.add(new ProcessBuilder(
                        "nsenter",
                        "--net=/run/netns/" + node.namespace(),
                        "/usr/sbin/sshd",
                        "-D",
                        "-e",
                        "-f",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start());
    }

    private void client(String name, String more) throws IOException {
        Files.writeString(directory.resolve(name), """
                User root
                IdentityFile %s/id
                IdentitiesOnly yes
                StrictHostKeyChecking no
                UserKnownHostsFile /dev/null
                GlobalKnownHostsFile /dev/null
                BatchMode yes
                LogLevel ERROR
                """.formatted(directory) + more);
    }

    private dev.scc.host.command.CommandResult pdsh(String config, String command) throws CommandFailed {
        String addresses = String.join(
                ",",
                nodes.nodes().stream().map(node -> node.underlay().toString()).toList());
        return machine.run(Command.of(
                        "nsenter",
                        "--net=/run/netns/" + nodes.hub(),
                        "pdsh",
                        "-S",
                        "-R",
                        "ssh",
                        "-f",
                        Integer.toString(FAN_OUT),
                        "-w",
                        addresses,
                        command)
                .withEnvironment(Map.of("PDSH_SSH_ARGS", "-F " + directory.resolve(config) + " %h"))
                .within(LONGEST));
    }

    /** Configures all nodes through pdsh, with a connection made anew for each. */
    void pdsh() throws CommandFailed {
        configure("ssh");
    }

    /** The same over connections that are there already, except the first time. */
    void pdshPersistent() throws CommandFailed {
        configure("ssh-persistent");
    }

    private void configure(String config) throws CommandFailed {
        // ssh tells the node's own address third; so no process is needed to find out which files are its.
        var result = pdsh(config, "set -- $SSH_CONNECTION; exec sh -e " + shell + "/$3/apply");
        if (!result.ok()) {
            throw new CommandFailed("pdsh exited with status " + result.status() + ": " + result.errors());
        }
    }

    /** Configures all nodes through Ansible's command module, with pipelining and without gathering facts. */
    void ansible() throws CommandFailed, IOException {
        StringBuilder inventory = new StringBuilder();
        nodes.nodes().forEach(node -> inventory.append(node.underlay()).append('\n'));
        Files.writeString(directory.resolve("inventory"), inventory);
        Files.writeString(directory.resolve("ansible.cfg"), """
                [defaults]
                forks = %1$d
                host_key_checking = False
                interpreter_python = /usr/bin/python3
                local_tmp = %2$s/ansible
                [ssh_connection]
                pipelining = True
                control_path_dir = %2$s
                ssh_args = -F %2$s/ssh -o ControlMaster=auto -o ControlPersist=60s
                """.formatted(FAN_OUT, directory));
        machine.check(Command.of(
                        "nsenter",
                        "--net=/run/netns/" + nodes.hub(),
                        "ansible",
                        "-i",
                        directory.resolve("inventory").toString(),
                        "all",
                        "-m",
                        "command",
                        "-a",
                        "sh -e " + shell + "/{{ inventory_hostname }}/apply")
                .withEnvironment(Map.of(
                        "ANSIBLE_CONFIG", directory.resolve("ansible.cfg").toString(), "HOME", directory.toString()))
                .within(LONGEST));
    }

    /** A connection's own daemon is a child of the node's; without it the client's connection ends, too. */
    private void stop() {
        for (Process daemon : daemons) {
            daemon.descendants().forEach(ProcessHandle::destroyForcibly);
            daemon.destroyForcibly();
        }
        if (madeSeparation) {
            try {
                Files.deleteIfExists(SEPARATION);
            } catch (IOException e) {
                System.err.println(SEPARATION + " is left: " + e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(removal);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook does the same again.
        }
    }
}
