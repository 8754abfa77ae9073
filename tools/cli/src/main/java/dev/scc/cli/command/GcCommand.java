package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.render.Progress;
import dev.scc.cli.view.GcView;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.view.LeftoverReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scc gc}. */
@Command(
        name = "gc",
        mixinStandardHelpOptions = true,
        description = {
            "Find and remove what bears our mark and belongs to nothing: in the servers' tree, on every node, and",
            "what interrupted testbeds have left on this machine. Nodes that are lost for good: scc node remove."
        },
        footer = {
            "",
            "Exit status: 0 nothing is left (with --dry-run: all was looked at), 4 some nodes could not be asked,",
            "  5 something could not be removed.",
            "",
            "Examples:",
            "  scc gc --dry-run",
            "  scc -o json gc"
        })
final class GcCommand implements Callable<Integer> {
    private static final Duration EACH = Duration.ofSeconds(20);

    private final Session session;

    @Option(names = "--dry-run", description = "Show what would be removed, and change nothing.")
    boolean dryRun;

    GcCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        LocalLeftovers machine = LocalLeftovers.look(!dryRun);
        List<GcView.Item> items = new ArrayList<>(machine.items());
        List<GcView.Unasked> unasked = new ArrayList<>();
        if (!machine.poolGone()) {
            LeftoverReport report;
            try (Progress progress = session.progress();
                    ClusterClient pool = Pool.connect(session.options())) {
                progress.now("asking every agent");
                report = pool.leftovers(!dryRun, session.options().timeoutOr(EACH));
            } catch (Failure | ServerUnreachable e) {
                if (!items.isEmpty()) {
                    session.printer().answer(new GcView(dryRun, items, unasked));
                }
                throw e;
            }
            report.items()
                    .forEach(item -> items.add(item(item.place(), item.what(), item.why(), item.problem(), dryRun)));
            report.unasked()
                    .forEach(node -> unasked.add(new GcView.Unasked(node.node().value(), node.why())));
        }
        session.printer().answer(new GcView(dryRun, items, unasked));
        judge(items, unasked);
        return ExitStatus.DONE.code();
    }

    static GcView.Item item(String place, String what, String why, String problem, boolean dryRun) {
        GcView.State state = dryRun ? GcView.State.FOUND : problem.isEmpty() ? GcView.State.REMOVED : GcView.State.LEFT;
        return new GcView.Item(place, what, state, why, problem);
    }

    static void judge(List<GcView.Item> items, List<GcView.Unasked> unasked) throws Failure {
        String nodes = unasked.stream().map(GcView.Unasked::node).collect(Collectors.joining(", "));
        List<String> left = items.stream()
                .filter(item -> item.state() == GcView.State.LEFT)
                .map(item -> item.place() + ": " + item.what() + ": " + item.problem())
                .toList();
        if (!left.isEmpty()) {
            throw new Failure(
                    ExitStatus.LEFT_BEHIND,
                    new Problem(
                            "gc",
                            "",
                            "",
                            "could not be removed: " + String.join("; ", left)
                                    + (nodes.isEmpty() ? "" : "; could not be asked: " + nodes),
                            "everything else is removed",
                            "see to what is named, then scc gc again"));
        }
        if (!unasked.isEmpty()) {
            throw new Failure(
                    ExitStatus.SOME_NODES_FAILED,
                    new Problem(
                            "gc",
                            nodes,
                            "",
                            "could not be asked",
                            "",
                            "what is left there goes when their agents are back; scc node remove takes nodes out of the pool"));
        }
    }
}
