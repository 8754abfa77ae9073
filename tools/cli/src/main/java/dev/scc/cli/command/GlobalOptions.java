package dev.scc.cli.command;

import dev.scc.cli.context.Contexts;
import dev.scc.cli.context.Selection;
import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.render.OutputFormat;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.LiveCredentials;
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

    @Option(
            names = "--credentials",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "What the caller shows; else SCC_CREDENTIALS, else those of the current context.")
    @Nullable
    Path credentials;

    @Option(
            names = "--context",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description =
                    "A context in ~/.config/scc/config.yaml, or a file with one; else SCC_CONTEXT, else the current"
                            + " context there, else that of a server on this machine.")
    @Nullable
    String context;

    /** By which the caller shows who he is. @throws Failure if he has nothing to show */
    Connections connections() throws Failure, InterruptedException {
        try {
            Optional<Path> named = Optional.ofNullable(credentials)
                    .or(() -> environment("SCC_CREDENTIALS").map(Path::of));
            Optional<Selection> selection = named.isPresent() ? Optional.empty() : selection();
            if (selection.isPresent()) {
                named = selection.get().credentials();
            }
            if (named.isPresent()) {
                return Connections.as(new LiveCredentials(Credentials.read(named.get())));
            }
        } catch (IOException e) {
            throw new Failure(
                    ExitStatus.REFUSED,
                    Problem.of(
                            "credentials",
                            String.valueOf(e.getMessage()),
                            "use --credentials FILE, or have an administrator let you in: scc user create --help"));
        }
        throw new Failure(
                ExitStatus.REFUSED,
                Problem.of(
                        "no credentials",
                        "nothing says who you are: neither --credentials nor SCC_CREDENTIALS is set, and "
                                + Contexts.defaultFile() + " selects no context with credentials",
                        "an administrator lets you in: scc user create --help"));
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(text -> !text.isEmpty());
    }

    /** What {@code --server} says, for a command to which it says something else than where the servers are. */
    Optional<String> takeServer() {
        Optional<String> said = Optional.ofNullable(server);
        server = null;
        return said;
    }

    /** @throws Failure if nothing says where the server is */
    String servers() throws Failure {
        return serversIfSaid()
                .orElseThrow(() -> new Failure(
                        ExitStatus.UNREACHABLE,
                        Problem.of(
                                "no server",
                                "neither --server nor SCC_SERVER is set, and " + Contexts.defaultFile()
                                        + " selects no context",
                                "scc testbed up, or --server HOST:PORT")));
    }

    /** Where the servers are, if anything says so. */
    Optional<String> serversIfSaid() throws Failure {
        Optional<String> named = Optional.ofNullable(server).or(() -> environment("SCC_SERVER"));
        return named.isPresent()
                ? named
                : selection().map(selected -> selected.context().server());
    }

    /** The network namespace from which the context's server is reached; empty for the ordinary one. */
    String namespace() throws Failure {
        return selection().map(selected -> selected.context().netns()).orElse("");
    }

    private Optional<Selection> selection() throws Failure {
        try {
            return Selection.of(Optional.ofNullable(context).or(() -> environment("SCC_CONTEXT")));
        } catch (IOException e) {
            throw new Failure(
                    ExitStatus.USAGE,
                    Problem.of(
                            "configuration",
                            String.valueOf(e.getMessage()),
                            "correct " + Contexts.defaultFile() + ", or use --server HOST:PORT"));
        }
    }

    Duration timeoutOr(Duration usual) {
        return timeout == null ? usual : timeout;
    }
}
