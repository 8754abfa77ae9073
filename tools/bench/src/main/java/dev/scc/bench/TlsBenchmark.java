package dev.scc.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What it costs that everybody proves who he is: the same pool with TLS and certificates, and in plain text. */
final class TlsBenchmark implements Benchmark {
    private static final int NODES = Integer.getInteger("scc.bench.nodes", 1000);
    private static final int RUNS = 9;
    private static final int QUICK_RUNS = 2;
    private static final int WARM_UPS = 12;
    private static final int RESTARTS = 3;
    private static final double MOST_RATIO = 1.15;
    private static final double MOST_RESTART_RATIO = 1.5;
    private static final double MOST_RESTART_SECONDS = 15;

    private final Path home;
    private final Path data;

    TlsBenchmark(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    @Override
    public String description() {
        return "create of 1,000 simulated nodes, and all agents back after a restart, with TLS and without";
    }

    @Override
    public Result run(boolean quick) throws Exception {
        int runs = quick ? QUICK_RUNS : RUNS;
        int restarts = quick ? 1 : RESTARTS;
        Side with;
        Side without;
        List<Double> backWith = new ArrayList<>();
        List<Double> backWithout = new ArrayList<>();
        try (SimulatedPool tls = new SimulatedPool(home, data.resolve("tls"), NODES, SimulatedPool.Wire.TLS);
                SimulatedPool plain = new SimulatedPool(home, data.resolve("plain"), NODES, SimulatedPool.Wire.PLAIN)) {
            with = new Side(tls);
            without = new Side(plain);
            for (int run = 1 - WARM_UPS; run <= runs; run++) {
                System.err.printf(
                        "run %d of %d: with %s; without %s%n", run, runs, with.run(run > 0), without.run(run > 0));
            }
            for (int restart = 1; restart <= restarts; restart++) {
                backWith.add(tls.createAfterRestart());
                tls.delete();
                backWithout.add(plain.createAfterRestart());
                plain.delete();
                System.err.printf("restart %d of %d: with %s, without %s%n", restart, restarts, backWith, backWithout);
            }
        }
        Spread create = with.create();
        Spread plainCreate = without.create();
        Spread back = Spread.of(backWith);
        Spread plainBack = Spread.of(backWithout);
        double ratio = create.median() / plainCreate.median();
        double backRatio = back.median() / plainBack.median();
        return new Result(
                "tls",
                List.of(
                        new Row(
                                "create with TLS, s (other: without)",
                                create.median(),
                                plainCreate.median(),
                                ratio,
                                "ratio at most " + MOST_RATIO,
                                ratio <= MOST_RATIO),
                        new Row(
                                "a server's restart and a create with all agents, with TLS, s (other: without)",
                                back.median(),
                                plainBack.median(),
                                backRatio,
                                "ratio at most " + MOST_RESTART_RATIO + ", or at most " + MOST_RESTART_SECONDS + " s",
                                backRatio <= MOST_RESTART_RATIO || back.median() <= MOST_RESTART_SECONDS)),
                List.of(NODES + " nodes, " + runs + " runs of each, interleaved, after " + WARM_UPS
                        + " to warm up, then " + restarts + " restarts of each. create " + create + ", without "
                        + plainCreate + "; processor time of servers and agents in a create, s: " + with.processor()
                        + ", without " + without.processor() + "; restart " + back + ", without " + plainBack
                        + ". A server without TLS has no AOT cache. A launch is not measured: keepers of jobs know no plain"
                        + " text."));
    }
}
