package dev.scc.cli.command;

import dev.scc.cluster.Request;
import dev.scc.host.UserMistake;
import dev.scc.vpc.GroupName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc sg delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = "Take a security group away that no ENI is in, and no rule of another group is about.",
        footer = {"", "Example:", "  scc sg delete web"})
final class SgDeleteCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "GROUP", description = "The group.")
    String name = "";

    @Option(names = "--dry-run", description = "Print every change, or why it would be refused; change nothing.")
    boolean dryRun;

    @Mixin
    final RequestOptions request = new RequestOptions();

    SgDeleteCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        GroupName group = UserMistake.reading(name, GroupName::new);
        return new GroupRequest(session, request, dryRun)
                .remark(new Request.GroupDelete(group), "security group " + group + " is deleted");
    }
}
