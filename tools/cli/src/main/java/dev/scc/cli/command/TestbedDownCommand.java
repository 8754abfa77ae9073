package dev.scc.cli.command;

import dev.scc.cli.context.Contexts;
import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.testbed.DownOutcome;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code scc testbed down}. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Remove the testbed with everything in it. Removing what is not there is success.")
final class TestbedDownCommand implements Callable<Integer> {
    private final Session session;

    TestbedDownCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        LocalTestbed local = LocalTestbed.ofThisUser();
        DownOutcome outcome = local.testbed().down();
        if (!outcome.clean()) {
            throw new Failure(
                    ExitStatus.LEFT_BEHIND,
                    new Problem(
                            "testbed down",
                            "",
                            "",
                            String.join("; ", outcome.left()),
                            outcome.removed().isEmpty() ? "" : "removed: " + String.join(", ", outcome.removed()),
                            "remove what is named, then scc testbed down again"));
        }
        Contexts contexts = Contexts.read(Contexts.defaultFile());
        if (contexts.contexts().containsKey(local.name().value())) {
            contexts.without(local.name().value()).write(Contexts.defaultFile());
        }
        session.printer()
                .remark(
                        outcome.removed().isEmpty()
                                ? "there was no testbed " + local.name()
                                : "testbed " + local.name() + " is gone: " + String.join(", ", outcome.removed()));
        return ExitStatus.DONE.code();
    }
}
