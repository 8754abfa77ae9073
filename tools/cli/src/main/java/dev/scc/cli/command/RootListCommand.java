package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.TrustClient;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code scc root list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "The roots that are trusted, which of them sign, and for whom the replacement of one waits.",
        footer = {"", "Example:", "  scc root list"})
final class RootListCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;

    RootListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        try (TrustClient pool = Pool.trust(session.options(), PATIENCE)) {
            session.printer().answer(RootAnswers.view(pool.roots()));
        }
        return ExitStatus.DONE.code();
    }
}
