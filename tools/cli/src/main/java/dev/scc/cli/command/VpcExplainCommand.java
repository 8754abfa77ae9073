package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.UserMistake;
import dev.scc.vpc.Traffic;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc vpc explain}. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Whether A may begin something with B, and why: which rule decides, of which group, and whose that is.",
            "It is said from the rules; nothing is sent."
        },
        footer = {
            "",
            "Examples:",
            "  scc vpc explain n1 n5 tcp/22",
            "  scc vpc explain eni-5f0c12ab 172.20.0.9 icmp --vpc lab",
            "  scc vpc explain n1 fd00:22::9 tcp/22"
        })
final class VpcExplainCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "A", description = "Who begins: an ENI, a node or an address.")
    String from = "";

    @Parameters(index = "1", paramLabel = "B", description = "With whom: an ENI, a node or an address.")
    String to = "";

    @Parameters(index = "2", paramLabel = "PROTO/PORT", description = "What, such as tcp/22, udp/53, icmp or icmpv6.")
    String what = "";

    @Option(names = "--vpc", paramLabel = "NAME", description = "In which VPC; default the first that has both.")
    @Nullable
    String vpc;

    VpcExplainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        Traffic traffic = UserMistake.reading(what, Traffic::parse);
        try (ClusterClient pool = Pool.connect(session.options())) {
            session.printer().answer(pool.explain(from, to, traffic, Optional.ofNullable(vpc)));
        }
        return ExitStatus.DONE.code();
    }
}
