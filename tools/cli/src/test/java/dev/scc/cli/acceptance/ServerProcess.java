package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server of the testbed, killed and started again in its namespace with the command line that it had. The testbed does not
 * know the successor's pid; it must find it in its namespace when it goes down.
 */
record ServerProcess(long pid, List<String> argv, Path log) {

    /** The only one. */
    static ServerProcess of(Scc scc) {
        return find(scc, List.of());
    }

    /** The one of an ensemble that is called so. */
    static ServerProcess named(Scc scc, String name) {
        return find(scc, List.of("--name", name));
    }

    private static ServerProcess find(Scc scc, List<String> words) {
        List<Long> servers = ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> {
                    List<String> argv = argv(pid);
                    return argv.containsAll(List.of("dev.scc.cli.Main", "server"))
                            && argv.containsAll(words)
                            && argv.stream().anyMatch(word -> word.startsWith(scc.home() + "/"));
                })
                .toList();
        assertThat(servers).as("server processes of this suite's testbed").hasSize(1);
        return new ServerProcess(
                servers.getFirst(), argv(servers.getFirst()), scc.home().resolve("server-again.log"));
    }

    static List<String> argv(long pid) {
        try {
            return List.of(
                    Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0", 0));
        } catch (IOException e) {
            return List.of(); // It has ended meanwhile.
        }
    }

    void killAndRestart(String namespace) throws CommandFailed, IOException {
        kill();
        restart(namespace);
    }

    void kill() throws CommandFailed {
        new LocalCommands().check(Command.of("kill", "-9", Long.toString(pid)));
    }

    void restart(String namespace) throws IOException {
        List<String> again = new ArrayList<>(List.of("setsid", "nsenter", "--net=/run/netns/" + namespace, "--"));
        again.addAll(argv);
        new ProcessBuilder(again)
                .redirectOutput(log.toFile())
                .redirectErrorStream(true)
                .start();
    }
}
