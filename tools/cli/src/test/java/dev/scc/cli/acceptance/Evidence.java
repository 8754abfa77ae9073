package dev.scc.cli.acceptance;

import dev.scc.host.command.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a failed test has to be explained from, kept in {@code target/evidence} before the testbed goes down. */
final class Evidence {
    private Evidence() {}

    /** Keeps the logs, and what the nodes and the kernels on them say, if the test has failed. */
    static void keep(Scc scc, List<String> nodes, ExtensionContext context) throws IOException {
        if (context.getExecutionException().isEmpty()) {
            return;
        }
        Path evidence = Scc.root()
                .resolve("target/evidence")
                .resolve(context.getRequiredTestClass().getSimpleName() + "."
                        + context.getDisplayName().replaceAll("\\W+", "_"));
        Files.createDirectories(evidence);
        write(evidence.resolve("nodes.json"), scc.run("-o", "json", "node", "list"));
        write(evidence.resolve("clusters.json"), scc.run("-o", "json", "list"));
        for (String node : nodes) {
            write(
                    evidence.resolve(node + ".txt"),
                    scc.onNode(
                            node,
                            "ip -d addr; bridge fdb; ip neigh; rdma link; nft list ruleset; ps -ef; dmesg | tail -50"));
        }
        try (Stream<Path> files = Files.walk(scc.home())) {
            for (Path file : files.filter(path -> path.toString().matches(".*\\.(log|out|err)"))
                    .toList()) {
                Files.copy(
                        file,
                        evidence.resolve(scc.home().relativize(file).toString().replace('/', '_')),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void write(Path file, CommandResult result) throws IOException {
        Files.writeString(file, result.output() + result.errors());
    }
}
