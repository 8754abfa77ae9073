package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.scc.host.Cgroup;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A testbed of one test class, of a kind that needs no virtual machines. Closing it takes it down and looks for remains. */
record OwnTestbed(Scc scc, List<String> nodes) implements AutoCloseable {

    /** @param of the class that it is of: two may run at the same time */
    static OwnTestbed up(Class<?> of, String kind, int nodes) throws IOException {
        requireNamespaces();
        Scc scc = new Scc(Files.createDirectories(Scc.root()
                .resolve("tools/cli/target/acceptance-" + of.getSimpleName())
                .toAbsolutePath()));
        scc.run("testbed", "down"); // What an earlier run that was killed may have left.
        scc.ok("testbed", "up", "--kind", kind, "--nodes", Integer.toString(nodes));
        return new OwnTestbed(
                scc, IntStream.rangeClosed(1, nodes).mapToObj(n -> "n" + n).toList());
    }

    /** In CI a machine without namespaces fails the test; elsewhere it is skipped, saying why. */
    private static void requireNamespaces() {
        CommandResult result;
        try {
            result = new LocalCommands().run(Command.of("unshare", "--net", "true"));
        } catch (CommandFailed e) {
            throw new AssertionError(e);
        }
        if ("true".equals(System.getenv("CI"))) {
            assertThat(result.status())
                    .as("network namespaces: " + result.errors())
                    .isZero();
        }
        assumeTrue(result.ok(), () -> "no network namespaces on this machine: " + result.errors());
    }

    /** The name of what it has on the machine. */
    String name() {
        return "scc-" + scc.environment().get("SCC_TESTBED");
    }

    String state(String node) {
        return scc.json("node", "list")
                .valueStream()
                .filter(row -> row.get("name").asString().equals(node))
                .map(row -> row.get("state").asString())
                .findFirst()
                .orElse("");
    }

    /** The cgroups and directories of its jobs. */
    List<Path> jobTraces() throws IOException {
        return Stream.of(Cgroup.root(), Path.of("/run"))
                .flatMap(OwnTestbed::list)
                .filter(path -> path.getFileName().toString().startsWith(name()))
                .toList();
    }

    boolean allFree() {
        JsonNode all = scc.json("node", "list");
        return all.size() == nodes.size()
                && all.valueStream()
                        .allMatch(node -> node.get("state").asString().equals("Free"));
    }

    @Override
    public void close() {
        scc.ok("testbed", "down");
        assertThat(remains()).as("what testbed down has left").isEmpty();
    }

    /** Namespaces, cgroups, directories and processes. */
    List<String> remains() {
        try {
            Stream<Path> entries = Stream.of(Path.of("/run/netns"), Path.of("/run"), Cgroup.root())
                    .filter(Files::isDirectory)
                    .flatMap(OwnTestbed::list)
                    .filter(entry -> entry.getFileName().toString().startsWith(name()));
            Stream<Path> processes = list(Path.of("/proc"))
                    .filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                    .filter(entry -> ServerProcess.argv(
                                    Long.parseLong(entry.getFileName().toString()))
                            .stream()
                            .anyMatch(word -> word.startsWith(scc.home().toString())));
            Stream<Path> data = Stream.of(scc.home()
                            .resolve("state/scc/testbed-" + scc.environment().get("SCC_TESTBED")))
                    .filter(Files::exists);
            return Stream.of(entries, processes, data)
                    .flatMap(part -> part)
                    .map(Path::toString)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Stream<Path> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList().stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
