package dev.scc.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Whole commands from the shell, beside those of another build: {@code SCC_BENCH_BEFORE} names its {@code tools/scc}. Each build
 * has a testbed of its own.
 */
final class ShellBenchmark implements Benchmark {
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
        try (Build now = new Build(home.resolve("bin/scc").toString(), "bench-now", data.resolve("now"));
                Build then = new Build(before, "bench-before", data.resolve("before"))) {
            now.scc("node", "list");
            then.scc("node", "list");
            for (int i = 0; i < lists; i++) {
                listsHere.add(now.scc("node", "list"));
                listsBefore.add(then.scc("node", "list"));
            }
            for (int i = 0; i <= creates; i++) {
                double here = now.createAndDelete();
                double there = then.createAndDelete();
                if (i > 0) {
                    createsHere.add(here);
                    createsBefore.add(there);
                }
                System.err.printf("create %d of %d: %.3f, before %.3f%n", i, creates, here, there);
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

    /** One build with its testbed. */
    private static final class Build implements AutoCloseable {
        private final String launcher;
        private final String testbed;
        private final Path files;

        Build(String launcher, String testbed, Path files) throws IOException, InterruptedException {
            this.launcher = launcher;
            this.testbed = testbed;
            this.files = files;
            boolean up = false;
            try {
                scc("testbed", "up", "--kind", "netns", "--nodes", "4");
                up = true;
            } finally {
                if (!up) {
                    close();
                }
            }
        }

        double createAndDelete() throws IOException, InterruptedException {
            double seconds = scc("create", "demo", "--nodes", "3", "--verify", "off");
            scc("delete", "demo");
            scc("node", "list", "--wait", "4");
            return seconds;
        }

        /** How long it took, in seconds. */
        double scc(String... words) throws IOException, InterruptedException {
            List<String> argv = new ArrayList<>(List.of(launcher));
            argv.addAll(Arrays.asList(words));
            ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
            builder.environment().put("SCC_TESTBED", testbed);
            builder.environment().put("XDG_CONFIG_HOME", files.resolve("config").toString());
            builder.environment().put("XDG_STATE_HOME", files.resolve("state").toString());
            long start = System.nanoTime();
            Process process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (status != 0) {
                throw new IOException(String.join(" ", argv) + " ended with status " + status + ": " + said);
            }
            return seconds;
        }

        @Override
        public void close() throws IOException {
            try {
                scc("testbed", "down");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
