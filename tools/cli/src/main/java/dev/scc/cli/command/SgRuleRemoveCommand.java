package dev.scc.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code scc sg rule remove}. */
@Command(
        name = "remove",
        mixinStandardHelpOptions = true,
        description = {
            "Take a rule away from a security group, spelled as it was added; scc sg show lists them.",
            "Connections that are there go on."
        },
        footer = {
            "",
            "Examples:",
            "  scc sg rule remove web in tcp/80-81 10.5.0.0/16",
            "  scc sg rule remove web in any sg:web"
        })
final class SgRuleRemoveCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    final GroupRuleWords words = new GroupRuleWords();

    SgRuleRemoveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        return words.change(session, false);
    }
}
