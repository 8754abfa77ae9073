package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.api.TrustRpc.RotationStep;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.trust.Root;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc root drop}. */
@Command(
        name = "drop",
        mixinStandardHelpOptions = true,
        description = {
            "Forget a root that scc root rotate has replaced: from then on nothing counts that it has signed. Refused while a"
                    + " server, a node that lives, its keeper, or a person has no certificate of the new one.",
        },
        footer = {"", "Example:", "  scc root drop members"})
final class RootDropCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Session session;

    @Parameters(paramLabel = "ROOT", description = "servers or members.")
    String root = "";

    @Option(names = "--force", description = "Although somebody needs it: whoever is behind comes back by a new token.")
    boolean force;

    RootDropCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        Root which = RootAnswers.root(root);
        try (TrustClient pool = Pool.trust(session.options(), PATIENCE)) {
            pool.rotate(which, RotationStep.DROP, force);
        }
        session.printer().remark("what the old root of " + which + " has signed counts for nothing");
        return ExitStatus.DONE.code();
    }
}
