package dev.scc.cli.command;

import dev.scc.cli.daemon.Daemon;
import dev.scc.cli.daemon.IssuedCredentials;
import dev.scc.cli.daemon.NamespaceAgents;
import dev.scc.cli.daemon.NodeCredentials;
import dev.scc.cli.daemon.SimulatedAgents;
import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.trust.Authority;
import dev.scc.host.UserMistake;
import dev.scc.testbed.TestbedName;
import dev.scc.testbed.TestbedNode;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scc agents}: started by {@code scc testbed up}, and of no use without a testbed. */
@Command(
        name = "agents",
        mixinStandardHelpOptions = true,
        hidden = true,
        description = {
            "All agents of a testbed whose nodes are not machines, in one process, each with a session of its own.",
            "Runs in the testbed's network namespace until SIGTERM; logs to standard error. scc testbed up starts it."
        },
        footer = {
            "",
            "Example:",
            "  scc agents --server 10.99.0.1:2181 --kind netns --testbed testbed --nodes 16 --data DIR"
        })
final class AgentsCommand implements Callable<Integer> {
    /** What the nodes are. */
    enum Kind {
        netns,
        sim
    }

    private final Session session;

    @Option(names = "--kind", required = true, paramLabel = "KIND", description = "netns or sim.")
    Kind kind = Kind.netns;

    @Option(names = "--testbed", required = true, paramLabel = "NAME", description = "Whose nodes they are.")
    String testbed = "";

    @Option(names = "--nodes", required = true, paramLabel = "N", description = "How many: n1 to nN.")
    int nodes;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Where each has its ledger.")
    Path data = Path.of("");

    @Option(names = "--authority", required = true, paramLabel = "DIR", description = "Signs their certificates.")
    Path authority = Path.of("");

    AgentsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        TestbedName name = UserMistake.reading(testbed, TestbedName::new);
        List<TestbedNode> all = IntStream.rangeClosed(1, nodes)
                .mapToObj(number -> UserMistake.reading("--nodes", number, TestbedNode::new))
                .toList();
        String server = session.options().servers();
        NodeCredentials credentials = new IssuedCredentials(Authority.open(authority, InstantSource.system()), data);
        Daemon.run(() -> switch (kind) {
            case netns -> NamespaceAgents.start(server, name, all, data, credentials, SccCommand.version());
            case sim -> SimulatedAgents.start(server, all, credentials, SccCommand.version());
        });
        return ExitStatus.DONE.code();
    }
}
