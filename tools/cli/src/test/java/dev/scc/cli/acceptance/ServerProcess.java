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
 * A server of the testbed, or the process of all its agents, killed and started again in its namespace with the command line
 * that it had. The testbed does not know the successor's pid; it must find it in its namespace when it goes down.
 */
record ServerProcess(long pid, List<String> argv, Path log) {

    /** The only one. */
    static ServerProcess of(Scc scc) {
        return of(scc, "server");
    }

    /** The one of an ensemble that is called so. */
    static ServerProcess named(Scc scc, String name) {
        return find(scc, "server", List.of("--name", name));
    }

    /** @param daemon the command of scc that it runs */
    static ServerProcess of(Scc scc, String daemon) {
        return find(scc, daemon, List.of());
    }

    private static ServerProcess find(Scc scc, String daemon, List<String> words) {
        List<Long> found = ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> {
                    List<String> argv = argv(pid);
                    return argv.containsAll(List.of("dev.scc.cli.Main", daemon))
                            && argv.containsAll(words)
                            && argv.stream().anyMatch(word -> word.startsWith(scc.home() + "/"));
                })
                .toList();
        assertThat(found)
                .as("processes of scc %s of this suite's testbed", daemon)
                .hasSize(1);
        return new ServerProcess(
                found.getFirst(), argv(found.getFirst()), scc.home().resolve(daemon + "-again.log"));
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
