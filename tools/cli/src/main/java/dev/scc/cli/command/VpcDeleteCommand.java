package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.Request;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.UserMistake;
import dev.scc.vpc.VpcName;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc vpc delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = "Take away a VPC that nobody is in any more. A cluster's own goes with its cluster.",
        footer = {"", "Example:", "  scc vpc delete lab"})
final class VpcDeleteCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;

    @Parameters(paramLabel = "NAME", description = "The VPC.")
    String name = "";

    @Option(names = "--dry-run", description = "Print every change, or why it would be refused; change nothing.")
    boolean dryRun;

    @Mixin
    final RequestOptions request = new RequestOptions();

    VpcDeleteCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        VpcName vpc = UserMistake.reading(name, VpcName::new);
        String what = "vpc delete " + vpc;
        try (ClusterClient pool = Pool.connect(session.options())) {
            if (dryRun) {
                return Outcomes.forecast(session, Subject.VPC, what, pool.forecast(new Request.VpcDelete(vpc)));
            }
            Outcomes.require(
                    Subject.VPC,
                    what,
                    request.await(
                            what,
                            "",
                            id -> pool.deleteVpc(vpc, id, session.options().timeoutOr(PATIENCE))));
            session.printer().remark("VPC " + vpc + " is deleted");
        }
        return ExitStatus.DONE.code();
    }
}
