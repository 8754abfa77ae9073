package dev.scc.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code scc sg rule add}. */
@Command(
        name = "add",
        mixinStandardHelpOptions = true,
        description = {
            "Give a security group a rule. What one rule of one group of an ENI allows is allowed, and answers",
            "always are; what none allows is dropped. The nodes with ENIs in the group take it up at once."
        },
        footer = {
            "",
            "Examples:",
            "  scc sg rule add web in tcp/80-81 10.5.0.0/16",
            "  scc sg rule add web in any sg:web",
            "  scc sg rule add web in tcp/22 fd00:22::/64"
        })
final class SgRuleAddCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    final GroupRuleWords words = new GroupRuleWords();

    SgRuleAddCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        return words.change(session, true);
    }
}
