package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.UserMistake;
import dev.scc.vpc.VpcName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc vpc show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "A VPC: its VNI, addresses, MTU, owner, and which address is where.",
        footer = {"", "Example:", "  scc vpc show lab"})
final class VpcShowCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME", description = "The VPC.")
    String name = "";

    VpcShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        VpcName vpc = UserMistake.reading(name, VpcName::new);
        try (ClusterClient pool = Pool.connect(session.options())) {
            session.printer().answer(pool.vpc(vpc).orElseThrow(() -> noSuchVpc("vpc show " + vpc, vpc)));
        }
        return ExitStatus.DONE.code();
    }

    static Failure noSuchVpc(String what, VpcName vpc) {
        return new Failure(
                ExitStatus.FAILED, Problem.of(what, "there is no VPC " + vpc, "scc vpc list shows which there are"));
    }
}
