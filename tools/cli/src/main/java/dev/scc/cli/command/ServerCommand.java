package dev.scc.cli.command;

import dev.scc.cli.daemon.Daemon;
import dev.scc.cli.daemon.ServerDaemon;
import dev.scc.cli.failure.ExitStatus;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scc server}. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        description =
                "The controller, with ZooKeeper in it or on an ensemble. Runs until SIGTERM; logs to standard error.",
        footer = {
            "",
            "Examples:",
            "  scc server --data /var/lib/scc/server --bind 10.0.0.1",
            "  scc server --data /var/lib/scc/server --zookeeper zk1:2181,zk2:2181,zk3:2181"
        })
final class ServerCommand implements Callable<Integer> {
    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Where it keeps what must survive.")
    Path data = Path.of("");

    @Option(names = "--bind", paramLabel = "ADDR", description = "Where ZooKeeper listens; default 127.0.0.1.")
    String bind = "127.0.0.1";

    @Option(names = "--port", paramLabel = "PORT", description = "Its client port; default ${DEFAULT-VALUE}.")
    int port = 2181;

    @Option(names = "--zookeeper", paramLabel = "HOSTS", description = "An ensemble to use instead of one of its own.")
    @Nullable
    String zooKeeper;

    @Override
    public Integer call() throws Exception {
        Daemon.run(() -> ServerDaemon.start(data, bind, port, Optional.ofNullable(zooKeeper)));
        return ExitStatus.DONE.code();
    }
}
