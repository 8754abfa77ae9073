package dev.scc.bench;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The shell's way to configure nodes: files that were written before, read by one process of each tool and node. */
final class Shell {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final LocalCommands machine = new LocalCommands();
    private final Path directory;

    /** Writes all files; {@code apply} in the directory named after a node's address configures it from within. */
    Shell(Agents agents, List<NamespaceNodes.Node> nodes, Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
        StringBuilder loop = new StringBuilder();
        StringBuilder lines = new StringBuilder();
        for (NamespaceNodes.Node node : nodes) {
            OneShot shot = OneShot.of(agents.wanted(node));
            Path files = directory.resolve(node.underlay().toString());
            Files.createDirectories(files);
            Files.writeString(files.resolve("nft"), shot.nft());
            Files.writeString(files.resolve("ip"), shot.ip());
            Files.writeString(files.resolve("bridge"), shot.bridge());
            Files.writeString(files.resolve("apply"), apply(files));
            String line = "--net=/run/netns/%s sh -e %s\n".formatted(node.namespace(), files.resolve("apply"));
            loop.append("nsenter ").append(line);
            lines.append(line);
        }
        Files.writeString(directory.resolve("loop"), loop);
        Files.writeString(directory.resolve("lines"), lines);
    }

    private static String apply(Path files) {
        return "nft -f %1$s/nft\nip -batch %1$s/ip\nexec bridge -batch %1$s/bridge\n".formatted(files);
    }

    /** One node after the other. */
    void loop() throws CommandFailed {
        machine.check(
                Command.of("sh", "-e", directory.resolve("loop").toString()).within(LONGEST));
    }

    /** So many nodes at once. */
    void parallel(int atOnce) throws CommandFailed {
        machine.check(Command.of(
                        "xargs",
                        "-P",
                        Integer.toString(atOnce),
                        "-a",
                        directory.resolve("lines").toString(),
                        "-L",
                        "1",
                        "nsenter")
                .within(LONGEST));
    }
}
