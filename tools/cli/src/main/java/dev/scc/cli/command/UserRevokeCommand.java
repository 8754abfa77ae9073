package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.TrustClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc user revoke}. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = "Put people out: nothing of theirs counts from now on, not even on connections that stand.",
        footer = {"", "Example:", "  scc user revoke ada"})
final class UserRevokeCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The people.")
    List<String> names = List.of();

    UserRevokeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        try (TrustClient pool = Pool.trust(session.options(), PATIENCE)) {
            for (String name : names) {
                pool.revoke(People.named(pool, name).who());
                session.printer().remark(name + " is out");
            }
        }
        return ExitStatus.DONE.code();
    }
}
