package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code scc testbed status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "What is there of the testbed, and whether its nodes answer.")
final class TestbedStatusCommand implements Callable<Integer> {
    private final Session session;

    TestbedStatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        LocalTestbed local = LocalTestbed.ofThisUser();
        session.printer().answer(TestbedAnswers.view(local, local.testbed().status(), List.of()));
        return ExitStatus.DONE.code();
    }
}
