package dev.scc.cli.command;

import dev.scc.cluster.Request;
import dev.scc.host.UserMistake;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc sg rule add}. */
@Command(
        name = "add",
        mixinStandardHelpOptions = true,
        description = {
            "Give a security group a rule. What one rule of one group of an ENI allows is allowed, answers always;",
            "what none allows is dropped. The nodes with ENIs in the group take it up at once."
        },
        footer = {
            "",
            "Examples:",
            "  scc sg rule add web in tcp/80-81 10.5.0.0/16",
            "  scc sg rule add web in any sg:web"
        })
final class SgRuleAddCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "GROUP", description = "The group.")
    String name = "";

    @Parameters(index = "1", paramLabel = "in|out", description = "Who begins: the other end, or the ENI.")
    String direction = "";

    @Parameters(
            index = "2",
            paramLabel = "PROTO[/PORT[-PORT]]",
            description = "tcp, udp, icmp or any; destination ports of tcp and udp.")
    String traffic = "";

    @Parameters(
            index = "3",
            paramLabel = "CIDR|sg:NAME",
            description = "The other end: a network, or all ENIs of a group.")
    String peer = "";

    @Option(names = "--dry-run", description = "Print every change, or why it would be refused; change nothing.")
    boolean dryRun;

    @Mixin
    final RequestOptions request = new RequestOptions();

    SgRuleAddCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        GroupName group = UserMistake.reading(name, GroupName::new);
        GroupRule rule = UserMistake.reading(direction + " " + traffic + " " + peer, GroupRule::parse);
        return new GroupRequest(session, request, dryRun).show(new Request.GroupRuleChange(group, true, rule), group);
    }
}
