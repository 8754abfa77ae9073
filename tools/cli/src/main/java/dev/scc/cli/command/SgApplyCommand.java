package dev.scc.cli.command;

import dev.scc.cluster.Request;
import dev.scc.host.UserMistake;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc sg apply}. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = {
            "Put ENIs into a security group, or take them out of it: all of them, or none. An ENI that is in no group",
            "reaches, and is reached by, everybody in its VPC."
        },
        footer = {"", "Examples:", "  scc sg apply web eni-5f0c12ab", "  scc sg apply web eni-5f0c12ab --remove"})
final class SgApplyCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "GROUP", description = "The group.")
    String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "ENI", description = "The ENIs.")
    List<String> names = new ArrayList<>();

    @Option(names = "--remove", description = "Take them out of it.")
    boolean remove;

    @Option(names = "--dry-run", description = "Print every change, or why it would be refused; change nothing.")
    boolean dryRun;

    @Mixin
    final RequestOptions request = new RequestOptions();

    SgApplyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        GroupName group = UserMistake.reading(name, GroupName::new);
        List<EniId> enis = new ArrayList<>();
        for (String each : names) {
            enis.add(UserMistake.reading(each, EniId::new));
        }
        return new GroupRequest(session, request, dryRun).show(new Request.GroupApply(group, !remove, enis), group);
    }
}
