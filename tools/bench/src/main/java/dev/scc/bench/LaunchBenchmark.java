package dev.scc.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Jobs on namespace nodes: a first command beside mpirun's, many short jobs, much output, and the end after a kill. */
final class LaunchBenchmark implements Benchmark {
    private static final int NODES = 16;
    private static final int QUICK_NODES = 4;
    private static final int RUNS = 9;
    private static final int QUICK_RUNS = 3;
    private static final int JOBS = 1_000;
    private static final int QUICK_JOBS = 100;
    private static final int KILLS = 5;
    private static final int WRITERS = 64;
    private static final int LINE = 100;
    private static final long BYTES = 1_000_000_000;
    private static final long QUICK_BYTES = 64_000_000;
    private static final double FASTER = 3;
    private static final double A_SECOND = 20;
    private static final double MEGABYTES = 200;
    private static final double LONGEST_END = 0.5;
    /** Nobody else sleeps for so long, so its processes are found by it. */
    private static final String SLEEP = "86399.25";

    private final Path home;
    private final Path data;

    LaunchBenchmark(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    @Override
    public String description() {
        return "jobs on 16 namespace nodes: hostname beside mpirun, many short ones, 1 GB of output, the end after a kill";
    }

    @Override
    public Result run(boolean quick) throws Exception {
        int nodes = quick ? QUICK_NODES : NODES;
        List<Row> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Files.createDirectories(data);
        try (ScratchTestbed pool = new ScratchTestbed(
                        home.resolve("bin/scc").toString(), "bench-launch", data.resolve("pool"), nodes);
                NamespaceNodes others = new NamespaceNodes(nodes)) {
            pool.scc("create", "demo", "--nodes", Integer.toString(nodes), "--verify", "off");
            hostname(pool, new Mpirun(others, data.resolve("mpirun")), nodes, quick ? QUICK_RUNS : RUNS, rows, notes);
            series(pool, quick ? QUICK_JOBS : JOBS, rows, notes);
            output(pool, quick ? QUICK_BYTES : BYTES, rows, notes);
            kills(pool, nodes, rows, notes);
        }
        return new Result("launch", rows, notes);
    }

    private static void hostname(
            ScratchTestbed pool, Mpirun mpirun, int nodes, int runs, List<Row> rows, List<String> notes)
            throws IOException, InterruptedException {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (int i = 0; i <= runs; i++) {
            double here = pool.scc("run", "demo", "--mpi", "none", "--", "hostname");
            double there = mpirun.run("hostname");
            if (i > 0) {
                ours.add(here);
                theirs.add(there);
            }
            System.err.printf("hostname %d of %d: %.3f s, mpirun %.3f s%n", i, runs, here, there);
        }
        double ratio = Spread.of(ours).median() / Spread.of(theirs).median();
        rows.add(new Row(
                "hostname on " + nodes + " nodes from the shell, s (other: mpirun)",
                Spread.of(ours).median(),
                Spread.of(theirs).median(),
                ratio,
                "at least " + (int) FASTER + "x faster",
                ratio <= 1 / FASTER));
        notes.add("hostname: " + Spread.of(ours) + " s, mpirun " + Spread.of(theirs) + " s, " + runs
                + " of each in turn, the JVM's start included.");
    }

    private void series(ScratchTestbed pool, int jobs, List<Row> rows, List<String> notes)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(pool.enter());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                JobSeries.class.getName(),
                "10.99.0.1:7443",
                pool.credentials().toString(),
                "demo",
                Integer.toString(jobs)));
        Process process = new ProcessBuilder(command)
                .redirectError(data.resolve("series.log").toFile())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jobs one after the other failed, see " + data.resolve("series.log"));
        }
        double rate = jobs / Double.parseDouble(said.lines().toList().getLast().strip());
        rows.add(new Row(
                jobs + " jobs of one rank, one after the other, a second",
                rate,
                A_SECOND,
                rate / A_SECOND,
                "at least " + A_SECOND + " a second",
                rate >= A_SECOND));
        notes.add("Jobs one after the other: " + jobs + " of /bin/true by one client, after 20 others.");
    }

    /** Lines of one length, so that a torn one shows. */
    private void output(ScratchTestbed pool, long bytes, List<Row> rows, List<String> notes)
            throws IOException, InterruptedException {
        long lines = bytes / WRITERS / LINE;
        Path file = data.resolve("output");
        String writer = "yes \"$(printf '%0" + (LINE - 1) + "d' $SCC_RANK)\" | head -n " + lines;
        long start = System.nanoTime();
        Process process =
                pool.start("run", "demo", "-n", Integer.toString(WRITERS), "--mpi", "none", "--", "sh", "-c", writer);
        long written = Files.copy(process.getInputStream(), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        int status = process.waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        long whole;
        try (Stream<String> all = Files.lines(file, StandardCharsets.US_ASCII)) {
            whole = all.filter(line -> line.length() == LINE - 1 && line.chars().allMatch(Character::isDigit))
                    .count();
        }
        Files.delete(file);
        boolean right = status == 0 && whole == lines * WRITERS && written == whole * LINE;
        double rate = written / seconds / 1e6;
        rows.add(new Row(
                String.format(Locale.ROOT, "%d ranks write %.2f GB, MB/s", WRITERS, written / 1e9),
                rate,
                MEGABYTES,
                rate / MEGABYTES,
                "at least " + MEGABYTES + " MB/s, no line torn",
                right && rate >= MEGABYTES));
        notes.add("Output: " + whole + " of " + lines * WRITERS + " lines whole, status " + status
                + "; the command's start and end included.");
    }

    private static void kills(ScratchTestbed pool, int nodes, List<Row> rows, List<String> notes)
            throws IOException, InterruptedException {
        List<Double> ranks = new ArrayList<>();
        List<Double> commands = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            Process command = pool.start("run", "demo", "--mpi", "none", "--", "sleep", SLEEP);
            List<ProcessHandle> sleepers = sleepers();
            while (sleepers.size() < nodes) {
                if (!command.isAlive()) {
                    throw new IOException("the job ended before its ranks ran");
                }
                Thread.sleep(5);
                sleepers = sleepers();
            }
            long start = System.nanoTime();
            sleepers.get(i % nodes).destroyForcibly();
            while (!sleepers().isEmpty()) {
                Thread.sleep(1);
            }
            ranks.add((System.nanoTime() - start) / 1e9);
            command.getInputStream().readAllBytes();
            command.waitFor();
            commands.add((System.nanoTime() - start) / 1e9);
        }
        double median = Spread.of(ranks).median();
        rows.add(new Row(
                "end of all ranks on " + nodes + " nodes after kill -9 of one, s",
                median,
                LONGEST_END,
                median / LONGEST_END,
                "at most " + LONGEST_END + " s",
                median <= LONGEST_END));
        notes.add("After a kill: ranks " + Spread.of(ranks) + " s, the command " + Spread.of(commands) + " s.");
    }

    private static List<ProcessHandle> sleepers() {
        return ProcessHandle.allProcesses().filter(LaunchBenchmark::sleeps).toList();
    }

    private static boolean sleeps(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .equals("sleep\0" + SLEEP + "\0");
        } catch (java.nio.file.NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
            return false;
        }
    }
}
