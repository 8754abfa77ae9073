package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.OutputClosed;
import dev.scc.cluster.client.ClusterClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scc events}. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "What happened to clusters, nodes and servers, and why: the latest 500 or so, oldest first.",
        footer = {
            "",
            "Examples:",
            "  scc events",
            "  scc events --follow              until Ctrl-C",
            "  scc -o json events"
        })
final class EventsCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--follow", description = "Go on with what happens from now on, line by line.")
    boolean follow;

    EventsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        try (ClusterClient pool = Pool.connect(session.options())) {
            if (follow) {
                pool.followEvents(event -> {
                    session.printer().line(event);
                    OutputClosed.check(session.out());
                });
            } else {
                session.printer().answer(pool.events());
            }
        }
        return ExitStatus.DONE.code();
    }
}
