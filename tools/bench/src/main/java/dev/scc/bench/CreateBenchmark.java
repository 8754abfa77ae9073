package dev.scc.bench;

import java.nio.file.Path;
import java.util.List;

/** Create and delete of a cluster of 1,000 nodes, beside a bare client that does the same writes. */
final class CreateBenchmark implements Benchmark {
    private static final int NODES = Integer.getInteger("scc.bench.nodes", 1000);
    private static final int RUNS = 15;
    private static final int QUICK_RUNS = 3;
    private static final int WARM_UPS = 12;
    private static final double MOST_RATIO = 1.3;
    private static final double MOST_SECONDS = 1.0;
    private static final double MOST_HEAP = 512;
    private static final int MOST_TRANSACTIONS = 3;

    private final Path home;
    private final Path data;

    CreateBenchmark(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    @Override
    public String description() {
        return "create and delete of 1,000 simulated nodes, beside a bare ZooKeeper client with the same writes";
    }

    @Override
    public Result run(boolean quick) throws Exception {
        int runs = quick ? QUICK_RUNS : RUNS;
        double heap;
        int transactions;
        Sizes sizes;
        Side ours;
        Side other;
        try (SimulatedPool pool = new SimulatedPool(home, data.resolve("ours"), NODES, SimulatedPool.Wire.PLAIN)) {
            pool.create();
            sizes = pool.sizes();
            pool.delete();
            ours = new Side(pool);
            try (BarePool bare = new BarePool(data.resolve("bare"), NODES, sizes)) {
                other = new Side(bare);
                for (int run = 1 - WARM_UPS; run <= runs; run++) {
                    System.err.printf(
                            "run %d of %d: ours %s; bare %s%n", run, runs, ours.run(run > 0), other.run(run > 0));
                }
            }
            int before = pool.leaderTransactions();
            pool.create();
            transactions = pool.leaderTransactions() - before;
            heap = pool.serverHeap();
        }
        Spread create = ours.create();
        Spread delete = ours.delete();
        Spread bareCreate = other.create();
        double ratio = create.median() / bareCreate.median();
        List<Row> rows = List.of(
                new Row(
                        "create, s (other: bare client)",
                        create.median(),
                        bareCreate.median(),
                        ratio,
                        "ratio at most " + MOST_RATIO,
                        ratio <= MOST_RATIO),
                new Row(
                        "create, s (other: target)",
                        create.median(),
                        MOST_SECONDS,
                        create.median() / MOST_SECONDS,
                        "at most 1.0 s",
                        create.median() <= MOST_SECONDS),
                new Row(
                        "delete, s (other: create)",
                        delete.median(),
                        create.median(),
                        delete.median() / create.median(),
                        "ratio at most 1",
                        delete.median() <= create.median()),
                new Row(
                        "leader's transactions in a create (other: target)",
                        transactions,
                        MOST_TRANSACTIONS,
                        (double) transactions / MOST_TRANSACTIONS,
                        "at most " + MOST_TRANSACTIONS,
                        transactions <= MOST_TRANSACTIONS),
                new Row(
                        "server's heap after a collection, MiB (other: target)",
                        heap,
                        MOST_HEAP,
                        heap / MOST_HEAP,
                        "at most 512 MiB",
                        heap <= MOST_HEAP));
        List<String> notes = List.of(
                NODES + " nodes, " + runs + " runs of each, interleaved, after " + WARM_UPS + " to warm up."
                        + " create " + create + ", bare " + bareCreate + "; delete " + delete + ", bare "
                        + other.delete()
                        + ". Both without TLS, whose price the benchmark tls tells. Processor time of servers and agents in a create, s: "
                        + ours.processor()
                        + ", bare " + other.processor() + ".",
                "Sizes in bytes: " + sizes + ".");
        return new Result("create", rows, notes);
    }
}
