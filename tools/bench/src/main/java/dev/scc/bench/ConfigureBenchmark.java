package dev.scc.bench;

import dev.scc.cluster.agent.Convergence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What it takes to give each of 64 namespace nodes its part of a VPC, from the assignment to all converged, beside a shell
 * that runs the same tools once on files that were written before, and leaves the same behind.
 */
final class ConfigureBenchmark implements Benchmark {
    private static final int NODES = 64;
    private static final int QUICK_NODES = 16;
    private static final int RUNS = 7;
    private static final int QUICK_RUNS = 3;
    private static final double MOST = 2;

    private final Path data;

    ConfigureBenchmark(Path data) {
        this.data = data;
    }

    @Override
    public String description() {
        return "the VPC on 64 namespace nodes: the agents' own way, a one-shot shell, pdsh and Ansible over ssh";
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    @Override
    public Result run(boolean quick) throws Exception {
        int count = quick ? QUICK_NODES : NODES;
        int runs = quick ? QUICK_RUNS : RUNS;
        int atOnce = 2 * Runtime.getRuntime().availableProcessors();
        List<Double> ours = new ArrayList<>();
        List<Double> loop = new ArrayList<>();
        List<Double> parallel = new ArrayList<>();
        Map<String, List<Double>> phases = new TreeMap<>();
        try (NamespaceNodes nodes = new NamespaceNodes(count)) {
            Agents agents = new Agents(nodes.nodes(), data.resolve("ledgers"), atOnce);
            Shell shell = new Shell(agents, nodes.nodes(), data.resolve("shell"));
            // Once for nothing: classes, kernel modules, files in memory.
            agents.build();
            String state = state(nodes);
            agents.clear();
            for (int i = 1; i <= runs; i++) {
                ours.add(seconds(() -> agents.build().forEach(result -> add(phases, result))));
                check(nodes, state, "the agents");
                agents.clear();
                loop.add(seconds(shell::loop));
                check(nodes, state, "the shell's loop");
                agents.clear();
                parallel.add(seconds(() -> shell.parallel(atOnce)));
                check(nodes, state, "the parallel shell");
                agents.clear();
                System.err.printf(
                        "run %d of %d: ours %.3f, loop %.3f, parallel %.3f s%n",
                        i, runs, ours.getLast(), loop.getLast(), parallel.getLast());
            }
        }
        Spread us = Spread.of(ours);
        Spread one = Spread.of(loop);
        Spread many = Spread.of(parallel);
        double floor = Math.min(one.median(), many.median());
        return new Result(
                "configure",
                List.of(new Row(
                        count + " nodes, s / the faster one-shot shell",
                        us.median(),
                        floor,
                        us.median() / floor,
                        "at most 2x",
                        us.median() <= MOST * floor)),
                List.of(
                        "ours " + us + ", shell one after the other " + one + ", shell " + atOnce + " at once " + many,
                        phases.entrySet().stream()
                                .map(entry -> entry.getKey() + " " + Spread.of(entry.getValue()))
                                .collect(Collectors.joining(", "))));
    }

    private static void add(Map<String, List<Double>> phases, Convergence.Result result) {
        result.phases().forEach(phase -> phases.computeIfAbsent(phase.name(), _ -> new ArrayList<>())
                .add((double) phase.millis()));
    }

    private static String state(NamespaceNodes nodes) throws Exception {
        StringBuilder all = new StringBuilder();
        for (NamespaceNodes.Node node : nodes.nodes()) {
            all.append(node.name()).append('\n').append(FinalState.of(node)).append('\n');
        }
        return all.toString();
    }

    private static void check(NamespaceNodes nodes, String expected, String who) throws Exception {
        String now = state(nodes);
        if (!now.equals(expected)) {
            int at = 0;
            while (at < Math.min(now.length(), expected.length()) && now.charAt(at) == expected.charAt(at)) {
                at++;
            }
            int from = Math.max(0, at - 200);
            throw new IllegalStateException(who + " left another state:\n"
                    + now.substring(from, Math.min(now.length(), at + 200)) + "\ninstead of\n"
                    + expected.substring(from, Math.min(expected.length(), at + 200)));
        }
    }

    private static double seconds(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }
}
