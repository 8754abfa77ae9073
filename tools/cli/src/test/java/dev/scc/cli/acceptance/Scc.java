package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Json;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The command line as a user has it: {@code tools/scc}, with a configuration and data of its own, so that the user's
 * testbed, if there is one, is left alone.
 */
final class Scc {
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final Path ROOT = repository();

    private final Path home;

    Scc(Path home) {
        this.home = home;
    }

    private static Path repository() {
        Path directory = Path.of("").toAbsolutePath();
        while (!directory.resolve("tools/scc").toFile().isFile()) {
            directory = java.util.Objects.requireNonNull(
                    directory.getParent(), "tools/scc is in no directory above this one");
        }
        return directory;
    }

    static Path root() {
        return ROOT;
    }

    Path home() {
        return home;
    }

    Map<String, String> environment() {
        return Map.of(
                // Several checkouts may run their suites at the same time.
                "SCC_TESTBED", "it-" + Integer.toHexString(home.hashCode()),
                "XDG_CONFIG_HOME", home.resolve("config").toString(),
                "XDG_STATE_HOME", home.resolve("state").toString(),
                "XDG_DATA_HOME", home.resolve("data").toString(),
                "NO_COLOR", "1");
    }

    static List<String> argv(String... arguments) {
        List<String> argv = new ArrayList<>();
        argv.add(ROOT.resolve("tools/scc").toString());
        argv.addAll(List.of(arguments));
        return argv;
    }

    /** Runs to the end, whatever the exit status. */
    CommandResult run(String... arguments) {
        try {
            return new LocalCommands()
                    .run(Command.of(argv(arguments))
                            .withEnvironment(environment())
                            .within(LONGEST));
        } catch (CommandFailed e) {
            throw new AssertionError("scc " + String.join(" ", arguments), e);
        }
    }

    /** Runs, and the exit status must be 0; answers standard output. */
    String ok(String... arguments) {
        CommandResult result = run(arguments);
        assertThat(result.status())
                .as(() -> "scc " + String.join(" ", arguments) + "\n" + result.output() + result.errors())
                .isZero();
        return result.output();
    }

    /** Runs with {@code -o json}; the exit status must be 0. */
    JsonNode json(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-o", "json"));
        all.addAll(List.of(arguments));
        return Json.mapper().readTree(ok(all.toArray(String[]::new)));
    }

    /**
     * Starts it and goes on; what it prints goes to files in the home directory. It can be interrupted even if these tests
     * run in the background of a script, where shells let processes inherit that SIGINT is ignored.
     */
    Running start(String name, String... arguments) throws IOException {
        Path output = home.resolve(name + ".out");
        Path errors = home.resolve(name + ".err");
        List<String> interruptible = new ArrayList<>(List.of("env", "--default-signal=INT"));
        interruptible.addAll(argv(arguments));
        ProcessBuilder builder = new ProcessBuilder(interruptible)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(environment());
        return new Running(builder.start(), output, errors);
    }

    /** Runs a shell script on a node, through the testbed and not through the node's agent. */
    CommandResult onNode(String node, String script) {
        return run("testbed", "exec", node, "--", "sh", "-c", script);
    }

    String onNodeOk(String node, String script) {
        CommandResult result = onNode(node, script);
        assertThat(result.status())
                .as(() -> node + ": " + script + "\n" + result.output() + result.errors())
                .isZero();
        return result.output();
    }
}
