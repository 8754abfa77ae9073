package dev.scc.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whole commands from the shell, beside those of another build: {@code SCC_BENCH_BEFORE} names its {@code tools/scc}. Each build
 * has a testbed of its own.
 */
final class ShellBenchmark implements Benchmark {
    private static final int NODES = 4;
    private static final int LISTS = 20;
    private static final int CREATES = 7;
    private static final double MOST_RATIO = 0.8;

    private final Path home;
    private final Path data;

    ShellBenchmark(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    @Override
    public String description() {
        return "scc node list, and scc create of 3 namespace nodes, beside the build that SCC_BENCH_BEFORE names";
    }

    @Override
    public Result run(boolean quick) throws Exception {
        String before = Optional.ofNullable(System.getenv("SCC_BENCH_BEFORE"))
                .orElseThrow(() -> new IOException("SCC_BENCH_BEFORE is to name the tools/scc of another build"));
        int lists = quick ? 3 : LISTS;
        int creates = quick ? 2 : CREATES;
        List<Double> listsHere = new ArrayList<>();
        List<Double> listsBefore = new ArrayList<>();
        List<Double> createsHere = new ArrayList<>();
        List<Double> createsBefore = new ArrayList<>();
        String here = home.resolve("bin/scc").toString();
        try (ScratchTestbed now = new ScratchTestbed(here, "bench-now", data.resolve("now"), NODES);
                ScratchTestbed then = new ScratchTestbed(before, "bench-before", data.resolve("before"), NODES)) {
            now.scc("node", "list");
            then.scc("node", "list");
            for (int i = 0; i < lists; i++) {
                listsHere.add(now.scc("node", "list"));
                listsBefore.add(then.scc("node", "list"));
            }
            for (int i = 0; i <= creates; i++) {
                double ours = createAndDelete(now);
                double theirs = createAndDelete(then);
                if (i > 0) {
                    createsHere.add(ours);
                    createsBefore.add(theirs);
                }
                System.err.printf("create %d of %d: %.3f, before %.3f%n", i, creates, ours, theirs);
            }
        }
        List<Row> rows = List.of(
                row("scc node list, s (other: before)", listsHere, listsBefore),
                row("scc create of 3 namespace nodes, s (other: before)", createsHere, createsBefore));
        List<String> notes = List.of("Whole commands, the JVM's start included, in turn; " + lists + " lists: "
                + Spread.of(listsHere) + ", before " + Spread.of(listsBefore) + "; " + creates + " creates: "
                + Spread.of(createsHere) + ", before " + Spread.of(createsBefore) + ".");
        return new Result("shell", rows, notes);
    }

    private static Row row(String what, List<Double> here, List<Double> before) {
        double ours = Spread.of(here).median();
        double other = Spread.of(before).median();
        return new Row(what, ours, other, ours / other, "ratio at most " + MOST_RATIO, ours / other <= MOST_RATIO);
    }

    private static double createAndDelete(ScratchTestbed testbed) throws IOException, InterruptedException {
        double seconds = testbed.scc("create", "demo", "--nodes", "3", "--verify", "off");
        testbed.scc("delete", "demo");
        testbed.scc("node", "list", "--wait", Integer.toString(NODES));
        return seconds;
    }
}
