package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code scc completion}. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Print the completion script of a shell.",
        footer = {"", "Example:", "  source <(scc completion bash)"})
final class CompletionCommand implements Callable<Integer> {
    /** The shells that there is a script for; zsh uses its own emulation of bash's completion. */
    enum Shell {
        bash,
        zsh
    }

    private final Session session;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    Shell shell = Shell.bash;

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (shell == Shell.zsh) {
            session.out().println("autoload -U +X bashcompinit && bashcompinit");
        }
        session.out().print(AutoComplete.bash("scc", spec.root().commandLine()));
        session.out().flush();
        return ExitStatus.DONE.code();
    }
}
