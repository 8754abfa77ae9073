package dev.scc.cli.command;

import dev.scc.cluster.Request;
import dev.scc.host.UserMistake;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What names a rule of a security group on the command line, to give it or to take it away. Not thread-safe. */
final class GroupRuleWords {
    @Parameters(index = "0", paramLabel = "GROUP", description = "The group.")
    String name = "";

    @Parameters(index = "1", paramLabel = "in|out", description = "Who begins: the other end, or the ENI.")
    String direction = "";

    @Parameters(
            index = "2",
            paramLabel = "PROTO[/PORT[-PORT]]",
            description = "tcp, udp, icmp (of IPv4), icmpv6 or any; destination ports of tcp and udp.")
    String traffic = "";

    @Parameters(
            index = "3",
            paramLabel = "CIDR|sg:NAME",
            description = "The other end: a network of IPv4 or IPv6, or all ENIs of a group.")
    String peer = "";

    @Option(names = "--dry-run", description = "Print every change, or why it would be refused; change nothing.")
    boolean dryRun;

    @Mixin
    final RequestOptions request = new RequestOptions();

    /**
     * Asks for the change and shows what came of it.
     *
     * @param adds whether the group gets the rule; else it loses it
     */
    int change(Session session, boolean adds) throws Exception {
        GroupName group = UserMistake.reading(name, GroupName::new);
        GroupRule rule = UserMistake.reading(direction + " " + traffic + " " + peer, GroupRule::parse);
        return new GroupRequest(session, request, dryRun).show(new Request.GroupRuleChange(group, adds, rule), group);
    }
}
