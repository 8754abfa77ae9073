package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.UserMistake;
import dev.scc.vpc.GroupName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc sg show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "A security group: its VPC, owner, rules by number, and the ENIs that are in it.",
        footer = {"", "Example:", "  scc sg show web"})
final class SgShowCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "GROUP", description = "The group.")
    String name = "";

    SgShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        GroupName group = UserMistake.reading(name, GroupName::new);
        try (ClusterClient pool = Pool.connect(session.options())) {
            session.printer().answer(GroupRequest.find("sg show " + group, pool, group));
        }
        return ExitStatus.DONE.code();
    }
}
