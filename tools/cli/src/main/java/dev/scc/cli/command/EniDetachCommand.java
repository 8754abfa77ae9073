package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.Request;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.UserMistake;
import dev.scc.vpc.EniId;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc eni detach}. */
@Command(
        name = "detach",
        mixinStandardHelpOptions = true,
        description = "Take an ENI away; its address is free once its node has none of it any more.",
        footer = {"", "Example:", "  scc eni detach eni-5f0c12ab"})
final class EniDetachCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Session session;

    @Parameters(paramLabel = "ENI", description = "The ENI.")
    String name = "";

    @Option(names = "--dry-run", description = "Print every change, or why it would be refused; change nothing.")
    boolean dryRun;

    @Mixin
    final RequestOptions request = new RequestOptions();

    EniDetachCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        EniId eni = UserMistake.reading(name, EniId::new);
        String what = "eni detach " + eni;
        try (ClusterClient pool = Pool.connect(session.options())) {
            if (dryRun) {
                return Outcomes.forecast(session, Subject.ENI, what, pool.forecast(new Request.EniDetach(eni)));
            }
            Outcomes.require(
                    Subject.ENI,
                    what,
                    request.await(
                            what,
                            "",
                            id -> pool.detach(eni, id, session.options().timeoutOr(PATIENCE))));
            session.printer().remark(eni + " is detached");
        }
        return ExitStatus.DONE.code();
    }
}
