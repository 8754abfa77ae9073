package dev.scc.bench;

import dev.scc.host.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Runs one benchmark by its name. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        Path home = Path.of(System.getProperty("scc.home"));
        Path results = Path.of(System.getProperty("scc.bench.results"));
        Map<String, Benchmark> benchmarks = new TreeMap<>();
        benchmarks.put("configure", new ConfigureBenchmark(results.resolve("configure.data")));
        benchmarks.put("create", new CreateBenchmark(home, results.resolve("create.data")));
        benchmarks.put("demo", new DemoBenchmark(home, results.resolve("demo.data")));
        benchmarks.put("failover", new FailoverBenchmark(home, results.resolve("failover.data")));
        benchmarks.put("growth", new GrowthBenchmark(home, results.resolve("growth.data")));
        benchmarks.put("launch", new LaunchBenchmark(home, results.resolve("launch.data")));
        benchmarks.put("memory", new MemoryBenchmark(home, results.resolve("memory.data")));
        benchmarks.put("revocation", new RevocationBenchmark(home, results.resolve("revocation.data")));
        benchmarks.put("shell", new ShellBenchmark(home, results.resolve("shell.data")));
        benchmarks.put("tls", new TlsBenchmark(home, results.resolve("tls.data")));
        benchmarks.put("vpc", new VpcBenchmark(home, results.resolve("vpc.data")));
        benchmarks.put("watchers", new WatchersBenchmark(home, results.resolve("watchers.data")));
        if (args.length == 1 && args[0].equals("--list")) {
            benchmarks.forEach((name, benchmark) -> System.out.println(name + "  " + benchmark.description()));
            return;
        }
        boolean quick = args.length == 2 && args[1].equals("--quick");
        Benchmark benchmark = args.length == 1 || quick ? benchmarks.get(args[0]) : null;
        if (benchmark == null) {
            System.err.println("usage: tools/bench/run NAME [--quick], where NAME is one of " + benchmarks.keySet());
            System.exit(2);
            return;
        }
        Result result = benchmark.run(quick);
        Files.createDirectories(results);
        Files.writeString(results.resolve(args[0] + ".json"), Json.pretty(result) + "\n");
        Files.writeString(results.resolve(args[0] + ".md"), result.markdown());
        System.out.print(result.markdown());
    }
}
