package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.OutputClosed;
import dev.scc.cluster.client.AuditClient;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "  scc events --audit               who asked for what, and who was refused (administrators)",
            "  scc events --audit --node n7     whom the node's agent and keeper of jobs refused, what people did with jobs"
        })
final class EventsCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Of each log on a node. */
    private static final int SHOWN = 500;

    private final Session session;

    @Option(names = "--follow", description = "Go on with what happens from now on, line by line.")
    boolean follow;

    @Option(
            names = "--audit",
            description =
                    "Who has asked the servers for what, and how it ended: the latest 500 calls of each server. With --node or"
                            + " --all the latest 500 entries of each log on nodes too, as far as their chains of hashes say that they are as"
                            + " they were written. Exits with 1 if one is not, with 3 if a server was not asked, with 4 if a node was not read.")
    boolean audit;

    @Mixin
    AuditedNodes logs = new AuditedNodes();

    EventsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        logs.check();
        if (audit) {
            return audit();
        }
        if (logs.some()) {
            throw new UserMistake("--node and --all name audit logs: add --audit");
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
        AuditClient client = Pool.audit(session.options(), PATIENCE);
        List<NodeName> nodes = logs.names(client);
        AuditClient.Recent servers = logs.servers() ? client.recent() : AuditClient.Recent.NOTHING;
        AuditClient.Recent onNodes = client.recent(nodes, SHOWN);
        AuditClient.Recent recent = servers.and(onNodes);
        session.printer().answer(recent.list());
        recent.broken().forEach(session.printer()::remark);
        recent.unasked().forEach(session.printer()::remark);
        if (!recent.broken().isEmpty()) {
            return ExitStatus.FAILED.code();
        }
        if (!servers.unasked().isEmpty()) {
            return ExitStatus.UNREACHABLE.code();
        }
        return (onNodes.unasked().isEmpty() ? ExitStatus.DONE : ExitStatus.SOME_NODES_FAILED).code();
    }
}
