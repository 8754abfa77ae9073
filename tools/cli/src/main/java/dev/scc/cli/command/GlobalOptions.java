package dev.scc.cli.command;

import dev.scc.cli.context.Contexts;
import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.render.OutputFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command has. */
final class GlobalOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            description = "table, json, yaml or name.")
    OutputFormat output = OutputFormat.table;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No progress and no remarks.")
    boolean quiet;

    @Option(
            names = "--server",
            scope = ScopeType.INHERIT,
            paramLabel = "HOSTS",
            description =
                    "The servers, as HOST or HOST:PORT (7443) with commas between; else SCC_SERVER, else the current context in"
                            + " ~/.config/scc/config.yaml.")
    @Nullable
    String server;

    @Option(
            names = "--timeout",
            scope = ScopeType.INHERIT,
            paramLabel = "DURATION",
            description = "Give up after this long: 30s, 5m, 1h.")
    @Nullable
    Duration timeout;

    /** @throws Failure if nothing says where the server is */
    String servers() throws Failure {
        Optional<String> named = Optional.ofNullable(server)
                .or(() -> Optional.ofNullable(System.getenv("SCC_SERVER")).filter(text -> !text.isEmpty()));
        if (named.isPresent()) {
            return named.get();
        }
        Path file = Contexts.defaultFile();
        try {
            Optional<Contexts.Context> selected = Contexts.read(file).selected();
            if (selected.isPresent()) {
                return selected.get().server();
            }
        } catch (IOException e) {
            throw new Failure(
                    ExitStatus.USAGE,
                    Problem.of(
                            "configuration",
                            String.valueOf(e.getMessage()),
                            "correct " + file + ", or use --server HOST:PORT"));
        }
        throw new Failure(
                ExitStatus.UNREACHABLE,
                Problem.of(
                        "no server",
                        "neither --server nor SCC_SERVER is set, and " + file + " selects no context",
                        "scc testbed up, or --server HOST:PORT"));
    }

    Duration timeoutOr(Duration usual) {
        return timeout == null ? usual : timeout;
    }
}
