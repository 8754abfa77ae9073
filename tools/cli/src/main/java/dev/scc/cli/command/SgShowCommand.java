package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.view.GroupPackets;
import dev.scc.cluster.view.GroupView;
import dev.scc.host.UserMistake;
import dev.scc.vpc.GroupName;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc sg show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {
            "A security group: its VPC, owner, rules by number, and the ENIs that are in it.",
            "With --counters or --drops it is what packets have done at the filters of those ENIs, summed over their nodes."
                    + " Counters begin when an ENI is put on its node or into its first group, and at a restart of the"
                    + " node; a rule's go on over changes of other rules, and over restarts of agents.",
            "A rule counts the packets that go the way in which something began, not their answers; for an ENI in another"
                    + " network namespace, only those that begin something.",
            "Users see this of groups in VPCs that are theirs."
        },
        footer = {
            "",
            "Examples:",
            "  scc sg show web",
            "  scc sg show web --counters",
            "  scc sg show web --drops -o json"
        })
final class SgShowCommand implements Callable<Integer> {
    private static final Duration EACH = Duration.ofSeconds(10);

    private final Session session;

    @Parameters(paramLabel = "GROUP", description = "The group.")
    String name = "";

    @Option(names = "--counters", description = "Packets and bytes that each rule let through, and that were dropped.")
    boolean counters;

    @Option(
            names = "--drops",
            description = "Packets that were dropped in the last five minutes, by addresses and ports, and why: of each"
                    + " cause and ENI at most 512 kinds are noted, and the latest 100 are shown. Times are by the clocks"
                    + " of their nodes.")
    boolean drops;

    SgShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        GroupName group = UserMistake.reading(name, GroupName::new);
        try (ClusterClient pool = Pool.connect(session.options())) {
            GroupView shown = GroupRequest.find("sg show " + group, pool, group);
            if (!counters && !drops) {
                session.printer().answer(shown);
                return ExitStatus.DONE.code();
            }
            GroupPackets packets =
                    pool.packets(group, counters, drops, session.options().timeoutOr(EACH));
            session.printer().answer(packets);
            if (!packets.unread().isEmpty()) {
                return ExitStatus.SOME_NODES_FAILED.code();
            }
        }
        return ExitStatus.DONE.code();
    }
}
