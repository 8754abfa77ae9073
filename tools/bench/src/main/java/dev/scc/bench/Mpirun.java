package dev.scc.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Open MPI's {@code mpirun} over namespace nodes, from the bridge's namespace. Its daemons are started by a script that enters
 * a node's namespace, where others have ssh: it costs next to nothing, so what is measured is mpirun's own.
 */
final class Mpirun {
    private final NamespaceNodes nodes;
    private final Path agent;

    Mpirun(NamespaceNodes nodes, Path directory) throws IOException {
        this.nodes = nodes;
        Files.createDirectories(directory);
        agent = directory.resolve("agent");
        String prefix = nodes.hub();
        Files.writeString(agent, """
                #!/bin/sh
                node=${1##*.}
                shift
                exec nsenter --net=/run/netns/%s-n$node sh -c "$*"
                """.formatted(prefix));
        Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** One rank on each node. How long the command took, in seconds. @throws IOException if its status is not 0 */
    double run(String... command) throws IOException, InterruptedException {
        String hosts =
                nodes.nodes().stream().map(node -> node.underlay().toString()).collect(Collectors.joining(","));
        List<String> argv = new ArrayList<>(List.of(
                "nsenter",
                "--net=/run/netns/" + nodes.hub(),
                "mpirun",
                "--allow-run-as-root",
                "--mca",
                "plm_rsh_agent",
                agent.toString(),
                "--mca",
                "plm_rsh_num_concurrent",
                "128",
                "--host",
                hosts,
                "-n",
                Integer.toString(nodes.nodes().size())));
        argv.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        long start = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (status != 0) {
            throw new IOException("mpirun ended with status " + status + ": " + said);
        }
        return seconds;
    }
}
