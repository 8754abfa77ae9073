package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cluster.Request;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc eni move}. */
@Command(
        name = "move",
        mixinStandardHelpOptions = true,
        description = {
            "Have an ENI on another node, with its addresses, Ethernet address and security groups. It is taken off its node",
            "first, and put on the other once nothing of it is left there. If that fails it is where it was."
        },
        footer = {"", "Examples:", "  scc eni move eni-5f0c12ab n7", "  scc eni move eni-5f0c12ab n7 --slot 2 --dry-run"
        })
final class EniMoveCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Session session;

    @Parameters(index = "0", paramLabel = "ENI", description = "The ENI.")
    String name = "";

    @Parameters(index = "1", paramLabel = "NODE", description = "The node that it is to be on.")
    String node = "";

    @Option(
            names = "--slot",
            paramLabel = "N",
            description = "Its slot there, 1 to 31; default the one that it has, or another if that is taken.")
    @Nullable
    Integer slot;

    @Option(names = "--dry-run", description = "Print every change, or why it would be refused; change nothing.")
    boolean dryRun;

    @Mixin
    final PlaceOptions place = new PlaceOptions();

    @Mixin
    final RequestOptions request = new RequestOptions();

    EniMoveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        EniId eni = UserMistake.reading(name, EniId::new);
        NodeName to = UserMistake.reading(node, NodeName::new);
        Optional<EniPlace> elsewhere = place.chosen();
        Request.EniMove move = UserMistake.reading(
                "--slot", Optional.ofNullable(slot), number -> new Request.EniMove(eni, to, number, elsewhere));
        String what = "eni move " + eni + " " + to;
        try (ClusterClient pool = Pool.connect(session.options())) {
            if (dryRun) {
                return Outcomes.forecast(session, Subject.ENI, what, pool.forecast(move));
            }
            Outcomes.require(
                    Subject.ENI,
                    what,
                    request.await(
                            what,
                            "",
                            id -> pool.move(move, id, session.options().timeoutOr(PATIENCE))));
            session.printer().answer(EniShowCommand.find(what, pool, eni));
        }
        return ExitStatus.DONE.code();
    }
}
