package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.view.EniView;
import dev.scc.host.UserMistake;
import dev.scc.vpc.EniId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc eni show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "An ENI: its VPC, address, Ethernet address, node and slot.",
        footer = {"", "Example:", "  scc eni show eni-5f0c12ab"})
final class EniShowCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "ENI", description = "The ENI.")
    String name = "";

    EniShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        EniId eni = UserMistake.reading(name, EniId::new);
        try (ClusterClient pool = Pool.connect(session.options())) {
            session.printer().answer(find("eni show " + eni, pool, eni));
        }
        return ExitStatus.DONE.code();
    }

    static EniView find(String what, ClusterClient pool, EniId eni)
            throws Failure, ServerUnreachable, InterruptedException {
        return pool.enis().enis().stream()
                .filter(each -> each.eni().equals(eni))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        ExitStatus.FAILED,
                        Problem.of(what, "there is no ENI " + eni, "scc eni list shows which there are")));
    }
}
