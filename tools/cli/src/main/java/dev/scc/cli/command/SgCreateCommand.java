package dev.scc.cli.command;

import dev.scc.cluster.Request;
import dev.scc.host.UserMistake;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc sg create}. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Make a security group of a VPC that scc vpc create has made. It lets everything out and nothing in, until",
            "scc sg rule says more. ENIs get into it with scc sg apply, or with scc eni attach --sg."
        },
        footer = {"", "Example:", "  scc sg create web --vpc lab"})
final class SgCreateCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME", description = "Name of the group, one for the whole pool.")
    String name = "";

    @Option(names = "--vpc", required = true, paramLabel = "NAME", description = "The VPC.")
    String vpc = "";

    @Option(names = "--dry-run", description = "Print every change, or why it would be refused; change nothing.")
    boolean dryRun;

    @Mixin
    final RequestOptions request = new RequestOptions();

    SgCreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        GroupName group = UserMistake.reading(name, GroupName::new);
        VpcName of = UserMistake.reading("--vpc", vpc, VpcName::new);
        return new GroupRequest(session, request, dryRun).show(new Request.GroupCreate(group, of), group);
    }
}
