package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc node label}. */
@Command(
        name = "label",
        mixinStandardHelpOptions = true,
        description = "Set and remove a node's labels, by which clusters select their nodes.",
        footer = {
            "",
            "Examples:",
            "  scc node label n7 rack=r2 switch=s1     set two labels",
            "  scc node label n7 switch-               remove one"
        })
final class NodeLabelCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;

    @Parameters(index = "0", paramLabel = "NODE", description = "The node.")
    String node = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY=VALUE|KEY-", description = "Set it, or remove it.")
    List<String> changes = List.of();

    NodeLabelCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        NodeName name = UserMistake.reading(node, NodeName::new);
        Map<String, String> set = new TreeMap<>();
        Set<String> remove = new TreeSet<>();
        for (String change : changes) {
            int equals = change.indexOf('=');
            if (equals > 0) {
                set.put(change.substring(0, equals), change.substring(equals + 1));
            } else if (change.length() > 1 && change.endsWith("-")) {
                remove.add(change.substring(0, change.length() - 1));
            } else {
                throw new UserMistake("\"" + change + "\" is neither KEY=VALUE nor KEY-");
            }
        }
        try (ClusterClient pool = Pool.connect(session.options())) {
            Outcomes.require(
                    Subject.NODE,
                    "node label " + name,
                    pool.label(
                            name,
                            set,
                            remove,
                            ClusterClient.newRequestId(),
                            session.options().timeoutOr(PATIENCE)));
        }
        session.printer().remark("node " + name + " is labelled");
        return ExitStatus.DONE.code();
    }
}
