package dev.scc.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The time of a create and the leader's transactions in it, for ever more nodes, beside a bare client with the same writes. */
final class GrowthBenchmark implements Benchmark {
    private static final List<Integer> NODES = List.of(10, 100, 1000, 2000, 4000, 10_000);
    private static final int RUNS = 9;
    private static final int QUICK_RUNS = 3;
    /** A JVM is warm after so many nodes, or so many runs. */
    private static final int WARM_NODES = 12_000;

    private static final int MOST_WARM_UPS = 12;
    private static final int MOST_TRANSACTIONS = 3;

    /** How much longer ten times the nodes may take. */
    private static final int MOST_FOR_TEN_TIMES = 12;

    private final Path home;
    private final Path data;

    GrowthBenchmark(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    @Override
    public String description() {
        return "create of 10 to 10,000 simulated nodes: its time and the leader's transactions";
    }

    private record Point(Side ours, Side bare, int transactions) {}

    @Override
    public Result run(boolean quick) throws Exception {
        int runs = quick ? QUICK_RUNS : RUNS;
        Map<Integer, Point> points = new TreeMap<>();
        for (int nodes : NODES) {
            points.put(nodes, point(nodes, runs));
        }
        List<Row> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        notes.add("Seconds; medians of " + runs + " runs, interleaved, after "
                + warmUps(NODES.getLast()) + " to " + MOST_WARM_UPS
                + " to warm up. Each agent reads the whole roster, which is short for nodes that are numbered in order, here as"
                + " in the bare client.");
        points.forEach((nodes, point) -> {
            double ours = point.ours().create().median();
            double bare = point.bare().create().median();
            rows.add(new Row(nodes + " nodes, create, s (other: bare client)", ours, bare, ours / bare, "-", true));
            rows.add(new Row(
                    nodes + " nodes, leader's transactions (other: target)",
                    point.transactions(),
                    MOST_TRANSACTIONS,
                    (double) point.transactions() / MOST_TRANSACTIONS,
                    "at most " + MOST_TRANSACTIONS,
                    point.transactions() <= MOST_TRANSACTIONS));
            notes.add(nodes + " nodes: create " + point.ours().create() + ", bare "
                    + point.bare().create() + "; delete " + point.ours().delete() + ", bare "
                    + point.bare().delete() + "; processor time of a create "
                    + point.ours().processor() + ", bare " + point.bare().processor() + ".");
        });
        for (int from : List.of(10, 100, 1000)) {
            int to = from == 1000 ? 4000 : from * 10;
            double growth = create(points, to) / create(points, from);
            double linear = (double) to / from;
            rows.add(new Row(
                    from + " to " + to + " nodes, create grows by (other: linear)",
                    growth,
                    linear,
                    growth / linear,
                    "ratio at most 1",
                    growth <= linear));
        }
        double ten = create(points, 10_000) / create(points, 1000);
        rows.add(new Row(
                "10000 nodes / 1000 nodes, create (other: target)",
                ten,
                MOST_FOR_TEN_TIMES,
                ten / MOST_FOR_TEN_TIMES,
                "at most " + MOST_FOR_TEN_TIMES,
                ten <= MOST_FOR_TEN_TIMES));
        return new Result("growth", rows, notes);
    }

    private static double create(Map<Integer, Point> points, int nodes) {
        return Optional.ofNullable(points.get(nodes))
                .orElseThrow()
                .ours()
                .create()
                .median();
    }

    private static int warmUps(int nodes) {
        return Math.min(WARM_NODES / nodes, MOST_WARM_UPS);
    }

    private Point point(int nodes, int runs) throws Exception {
        try (SimulatedPool pool = new SimulatedPool(home, data.resolve("ours"), nodes)) {
            pool.create();
            Sizes sizes = pool.sizes();
            pool.delete();
            int before = pool.leaderTransactions();
            pool.create();
            int transactions = pool.leaderTransactions() - before;
            pool.delete();
            Side ours = new Side(pool);
            try (BarePool bare = new BarePool(data.resolve("bare"), nodes, sizes)) {
                Side other = new Side(bare);
                for (int run = 1 - warmUps(nodes); run <= runs; run++) {
                    System.err.printf(
                            "%d nodes, run %d of %d: ours %s; bare %s%n",
                            nodes, run, runs, ours.run(run > 0), other.run(run > 0));
                }
                return new Point(ours, other, transactions);
            }
        }
    }
}
