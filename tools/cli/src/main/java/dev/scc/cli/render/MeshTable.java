package dev.scc.cli.render;

import dev.scc.cluster.view.MeshView;
import dev.scc.host.NodeName;
import dev.scc.host.Visible;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A mesh for people: the pairs, the bad ones first, and what explains these. */
final class MeshTable {
    /** More pairs than a person reads one by one. */
    private static final int MOST = 64;

    private static final int LATEST = 16;

    /** Broken ones, those that lose, and then the slow ones. */
    private static final Comparator<MeshView.Direction> WORST_FIRST = Comparator.comparingInt(
                    (MeshView.Direction pair) -> pair.brokenSince().isPresent() ? 0 : 1)
            .thenComparing(Comparator.comparingLong(MeshView.Direction::lost).reversed())
            .thenComparing(Comparator.<MeshView.Direction>comparingDouble(
                            pair -> pair.latencyMicros().p99())
                    .reversed());

    private MeshTable() {}

    static String of(MeshView view) {
        List<NodeName> off = view.members().stream()
                .filter(member -> member.packetsPerSecond() == 0)
                .map(MeshView.Participant::node)
                .toList();
        if (off.size() == view.members().size() && view.unread().isEmpty()) {
            return "no member of cluster " + view.cluster()
                    + " takes part in a mesh: start the agents with --mesh to have one\n";
        }
        StringBuilder text = new StringBuilder(pairs(view.pairs()));
        view.members()
                .forEach(member -> member.problem()
                        .ifPresent(why -> text.append("node %s takes no part at the moment: %s%n"
                                .formatted(member.node(), Visible.line(why)))));
        if (!off.isEmpty()) {
            text.append("without a mesh: ")
                    .append(off.stream().map(NodeName::value).collect(Collectors.joining(", ")))
                    .append('\n');
        }
        view.unread().forEach(one -> text.append("not asked: %s: %s%n".formatted(one.node(), Visible.line(one.why()))));
        long broken = view.pairs().stream()
                .filter(pair -> pair.brokenSince().isPresent())
                .count();
        text.append("%n%d of %d pairs are reached%n"
                .formatted(view.pairs().size() - broken, view.pairs().size()));
        if (!view.suspects().isEmpty()) {
            text.append("suspects: ")
                    .append(Visible.line(String.join("; ", view.suspects())))
                    .append('\n');
        }
        return text.toString();
    }

    private static String pairs(List<MeshView.Direction> pairs) {
        Table table = new Table("FROM", "TO", "PROBES", "LOST", "LATENCY P50", "P99", "WORST", "LATEST", "RESULT");
        pairs.stream().sorted(WORST_FIRST).limit(MOST).forEach(pair -> {
            boolean measured = pair.worstMicros() > 0;
            table.row(
                    pair.from(),
                    pair.to(),
                    pair.probes(),
                    pair.lost(),
                    measured ? "%.0f us".formatted(pair.latencyMicros().p50()) : "",
                    measured ? "%.0f us".formatted(pair.latencyMicros().p99()) : "",
                    measured ? "%.0f us".formatted(pair.worstMicros()) : "",
                    latest(pair),
                    result(pair));
        });
        String more = pairs.size() > MOST ? "and " + (pairs.size() - MOST) + " more; -o json has all\n" : "";
        return table + more;
    }

    private static String result(MeshView.Direction pair) {
        if (pair.brokenSince().isPresent()) {
            return "BROKEN since " + pair.brokenSince().get() + ": " + pair.why();
        }
        return pair.probes() == 0 ? (pair.why().isEmpty() ? "not probed yet" : pair.why()) : "ok";
    }

    /** One character for each probe: a dot, a plus if it took more than twice the median, an x if it was lost, a minus if turned away. */
    private static String latest(MeshView.Direction pair) {
        double slow = 2 * pair.latencyMicros().p50();
        List<MeshView.Sample> all = pair.latest();
        return all.subList(Math.max(0, all.size() - LATEST), all.size()).stream()
                .map(sample -> sample.answered() ? (sample.micros() > slow ? "+" : ".") : (sample.lost() ? "x" : "-"))
                .collect(Collectors.joining());
    }
}
