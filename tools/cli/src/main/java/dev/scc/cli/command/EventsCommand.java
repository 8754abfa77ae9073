package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.OutputClosed;
import dev.scc.cluster.client.AuditClient;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.UserMistake;
import java.time.Duration;
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
            "  scc -o json events",
            "  scc events --audit               who asked for what, and who was refused (administrators)"
        })
final class EventsCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;

    @Option(names = "--follow", description = "Go on with what happens from now on, line by line.")
    boolean follow;

    @Option(
            names = "--audit",
            description = "Who has asked the servers for what, and how it ended: the latest 500 calls of each server.")
    boolean audit;

    EventsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        if (audit) {
            return audit();
        }
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

    private int audit() throws Exception {
        if (follow) {
            throw new UserMistake("--audit cannot be followed: leave --follow out");
        }
        AuditClient.Recent recent = Pool.audit(session.options(), PATIENCE).recent();
        session.printer().answer(recent.list());
        recent.unasked()
                .forEach(server -> session.printer().remark("server " + server + " was not asked: it does not answer"));
        return recent.unasked().isEmpty() ? ExitStatus.DONE.code() : ExitStatus.UNREACHABLE.code();
    }
}
