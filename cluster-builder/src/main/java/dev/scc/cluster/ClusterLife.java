package dev.scc.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which phases a cluster goes through: the table of legal changes. */
public final class ClusterLife {
    private ClusterLife() {}

    /**
     * What may come after a phase.
     *
     * @param changing for a phase that clusters pass through both when they are created and when their members change: which
     *     of both is meant
     * @param next phases that a record may be written with
     * @param gone the record may be removed
     */
    public record Row(ClusterPhase phase, boolean changing, Set<ClusterPhase> next, boolean gone) {
        public Row {
            next = Set.copyOf(next);
        }

        private static Row of(ClusterPhase phase, ClusterPhase... next) {
            return new Row(phase, false, Set.of(next), false);
        }

        private static Row changing(ClusterPhase phase, ClusterPhase... next) {
            return new Row(phase, true, Set.of(next), false);
        }

        private static Row last(ClusterPhase phase) {
            return new Row(phase, false, Set.of(), true);
        }
    }

    /** All rows: each phase once, the one that is ambiguous twice. */
    public static final List<Row> TABLE = List.of(
            Row.of(
                    ClusterPhase.CREATING,
                    ClusterPhase.CREATING,
                    ClusterPhase.VERIFYING,
                    ClusterPhase.READY,
                    ClusterPhase.ROLLING_BACK,
                    ClusterPhase.FAILED,
                    ClusterPhase.DELETING),
            Row.of(
                    ClusterPhase.VERIFYING,
                    ClusterPhase.CREATING,
                    ClusterPhase.READY,
                    ClusterPhase.ROLLING_BACK,
                    ClusterPhase.FAILED,
                    ClusterPhase.DELETING),
            Row.changing(
                    ClusterPhase.VERIFYING,
                    ClusterPhase.READY,
                    ClusterPhase.DEGRADED,
                    ClusterPhase.SCALING,
                    ClusterPhase.REPAIRING,
                    ClusterPhase.DELETING),
            Row.of(
                    ClusterPhase.READY,
                    ClusterPhase.READY,
                    ClusterPhase.DEGRADED,
                    ClusterPhase.SCALING,
                    ClusterPhase.DELETING),
            Row.of(
                    ClusterPhase.DEGRADED,
                    ClusterPhase.VERIFYING,
                    ClusterPhase.READY,
                    ClusterPhase.DEGRADED,
                    ClusterPhase.SCALING,
                    ClusterPhase.REPAIRING,
                    ClusterPhase.DELETING),
            Row.changing(
                    ClusterPhase.SCALING,
                    ClusterPhase.VERIFYING,
                    ClusterPhase.READY,
                    ClusterPhase.DEGRADED,
                    ClusterPhase.SCALING,
                    ClusterPhase.DELETING),
            Row.changing(
                    ClusterPhase.REPAIRING,
                    ClusterPhase.VERIFYING,
                    ClusterPhase.READY,
                    ClusterPhase.DEGRADED,
                    ClusterPhase.SCALING,
                    ClusterPhase.REPAIRING,
                    ClusterPhase.DELETING),
            Row.of(ClusterPhase.FAILED, ClusterPhase.DELETING),
            Row.last(ClusterPhase.ROLLING_BACK),
            Row.last(ClusterPhase.DELETING));

    /**
     * Why a record may not be written; empty if it may.
     *
     * @param before what it replaces; empty if there is no such cluster
     * @param after empty if the record is removed
     */
    public static Optional<String> objection(Optional<ClusterRecord> before, Optional<ClusterRecord> after) {
        if (before.isEmpty()) {
            return after.filter(record -> record.phase() != ClusterPhase.CREATING)
                    .map(record -> "cluster " + record.name() + " begins as " + record.phase());
        }
        ClusterRecord last = before.get();
        Row row = row(last);
        boolean legal = after.map(record -> row.next().contains(record.phase())).orElse(row.gone());
        return legal
                ? Optional.empty()
                : Optional.of("cluster " + last.name() + " was " + last.phase() + " and is "
                        + after.map(record -> record.phase().toString()).orElse("gone"));
    }

    private static Row row(ClusterRecord cluster) {
        List<Row> rows =
                TABLE.stream().filter(row -> row.phase() == cluster.phase()).toList();
        return rows.stream()
                .filter(row ->
                        rows.size() == 1 || row.changing() == cluster.change().isPresent())
                .findFirst()
                .orElseThrow();
    }

    /** The table, in Markdown. */
    public static String table() {
        List<String> lines = new ArrayList<>(List.of("| phase | may be followed by |", "|---|---|"));
        for (Row row : TABLE) {
            boolean twice =
                    TABLE.stream().filter(other -> other.phase() == row.phase()).count() > 1;
            String which = twice ? row.changing() ? ", after a change of members" : ", of a new cluster" : "";
            Stream<String> next = Stream.of(ClusterPhase.values())
                    .filter(row.next()::contains)
                    .map(phase -> "`" + phase + "`");
            lines.add("| `" + row.phase() + "`" + which + " | "
                    + Stream.concat(next, row.gone() ? Stream.of("nothing: it is gone") : Stream.empty())
                            .collect(Collectors.joining(", "))
                    + " |");
        }
        return String.join("\n", lines) + "\n";
    }
}
