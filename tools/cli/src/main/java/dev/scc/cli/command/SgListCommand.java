package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.view.GroupList;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scc sg list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "All security groups, their rules, and who is in them.",
        footer = {"", "Example:", "  scc sg list --vpc lab"})
final class SgListCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--vpc", paramLabel = "NAME", description = "Only those of this VPC.")
    @Nullable
    String vpc;

    SgListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        try (ClusterClient pool = Pool.connect(session.options())) {
            session.printer()
                    .answer(new GroupList(pool.groups().groups().stream()
                            .filter(group -> vpc == null || group.vpc().equals(vpc))
                            .toList()));
        }
        return ExitStatus.DONE.code();
    }
}
