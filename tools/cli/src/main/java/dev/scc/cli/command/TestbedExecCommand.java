package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.testbed.ExecOutcome;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code scc testbed exec}. */
@Command(
        name = "exec",
        mixinStandardHelpOptions = true,
        description = "Run a command in a node, as root; its exit status is ours. The node needs no agent for it.",
        footer = {
            "",
            "Example:",
            "  scc testbed exec n1 -- ip -br addr",
            "",
            "Nodes of kind sim are in memory and run no commands."
        })
final class TestbedExecCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "NODE", description = "Such as n1.")
    String node = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD", description = "The command, after --.")
    List<String> argv = List.of();

    @Override
    public Integer call() throws Exception {
        NodeName name = UserMistake.reading(node, NodeName::new);
        return switch (LocalTestbed.ofThisUser().testbed().exec(name, argv)) {
            case ExecOutcome.Ended(int status) -> status;
            case ExecOutcome.NotTried(var problem) ->
                throw new Failure(
                        ExitStatus.FAILED, TestbedAnswers.told(problem, " (scc testbed up, scc testbed status)"));
        };
    }
}
