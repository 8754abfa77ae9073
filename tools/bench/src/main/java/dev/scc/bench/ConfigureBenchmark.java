package dev.scc.bench;

import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.agent.Convergence;
import dev.scc.host.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What it takes to give each of 64 namespace nodes its part of a VPC, from the assignment to all converged, beside a shell
 * that runs the same tools once on files that were written before, and beside pdsh and Ansible that run that shell's files
 * over ssh. After each of them the kernels' state is the same, which is checked.
 */
final class ConfigureBenchmark implements Benchmark {
    private static final int NODES = 64;
    private static final int QUICK_NODES = 16;
    private static final int RUNS = 7;
    private static final int QUICK_RUNS = 3;
    private static final int SSH_RUNS = 3;
    private static final double MOST = 2;
    private static final double FASTER = 15;
    /** Waiting for the kernel (RCU) takes longer than the work on two processors. */
    private static final int PER_PROCESSOR = 4;

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

    /** One benchmark under way. */
    private static final class Rounds {
        private final NamespaceNodes nodes;
        private final Agents agents;
        private final String state;
        private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

        Rounds(NamespaceNodes nodes, Agents agents) throws Exception {
            this.nodes = nodes;
            this.agents = agents;
            // Once for nothing: classes, kernel modules, files in memory.
            agents.build();
            state = FinalState.of(nodes.nodes());
            agents.clear();
        }

        void round(String who, Work work) throws Exception {
            long start = System.nanoTime();
            work.run();
            double took = (System.nanoTime() - start) / 1e9;
            System.err.printf("%s: %.3f s%n", who, took);
            seconds.computeIfAbsent(who, _ -> new ArrayList<>()).add(took);
            FinalState.check(state, FinalState.of(nodes.nodes()), who);
            agents.clear();
        }

        Spread spread(String who) {
            return Spread.of(seconds.getOrDefault(who, List.of()));
        }
    }

    @Override
    public Result run(boolean quick) throws Exception {
        int count = quick ? QUICK_NODES : NODES;
        int runs = quick ? QUICK_RUNS : RUNS;
        int atOnce = PER_PROCESSOR * Runtime.getRuntime().availableProcessors();
        FileTree.remove(data);
        Map<String, List<Double>> phases = new LinkedHashMap<>();
        boolean ansible = Files.isExecutable(Path.of("/usr/bin/ansible"));
        try (NamespaceNodes nodes = new NamespaceNodes(count)) {
            Agents agents = new Agents(nodes.nodes(), data.resolve("ledgers"), atOnce);
            Shell shell = new Shell(agents, nodes.nodes(), data.resolve("shell"));
            Rounds rounds = new Rounds(nodes, agents);
            try (SshNodes ssh = new SshNodes(nodes, data.resolve("shell"), data.resolve("ssh"))) {
                for (int i = 0; i < runs; i++) {
                    rounds.round("ours", () -> agents.build().forEach(result -> add(phases, result)));
                    rounds.round("shell", shell::loop);
                    rounds.round("parallel shell", () -> shell.parallel(atOnce));
                    if (i < SSH_RUNS) {
                        rounds.round("pdsh", ssh::pdsh);
                        rounds.round("pdsh, connected", ssh::pdshPersistent);
                    }
                    if (i < SSH_RUNS && ansible) {
                        rounds.round("Ansible", ssh::ansible);
                    }
                }
            }
            return result(count, atOnce, rounds, phases);
        } finally {
            FileTree.remove(data);
        }
    }

    private static Result result(int count, int atOnce, Rounds rounds, Map<String, List<Double>> phases) {
        double ours = rounds.spread("ours").median();
        double floor = Math.min(
                rounds.spread("shell").median(), rounds.spread("parallel shell").median());
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(
                count + " nodes, s / the faster one-shot shell",
                ours,
                floor,
                ours / floor,
                "at most 2x",
                ours <= MOST * floor));
        for (String who : List.of("pdsh", "Ansible")) {
            if (rounds.seconds.containsKey(who)) {
                double other = rounds.spread(who).median();
                rows.add(new Row(
                        count + " nodes, s / " + who,
                        ours,
                        other,
                        ours / other,
                        "at least 15x faster",
                        other >= FASTER * ours));
            }
        }
        List<String> notes = new ArrayList<>();
        notes.add("Seconds, median (lowest to highest): "
                + rounds.seconds.keySet().stream()
                        .map(who -> who + " " + rounds.spread(who))
                        .collect(Collectors.joining("; "))
                + ". The first connected pdsh makes its connections.");
        notes.add("Ours and the parallel shell work on " + atOnce + " nodes at once; pdsh and Ansible on 32.");
        notes.add("Of ours, each node by itself, ms: "
                + phases.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + Spread.of(entry.getValue()))
                        .collect(Collectors.joining("; ")));
        notes.add("Processes for each node: ours 3 (nft, ip, bridge), the shell's 4 (one enters the namespace).");
        if (!rounds.seconds.containsKey("Ansible")) {
            notes.add("Ansible is not installed.");
        }
        return new Result("configure", rows, notes);
    }

    private static void add(Map<String, List<Double>> phases, Convergence.Result result) {
        for (PhaseTime phase : result.phases()) {
            if (!phase.name().equals("gid")) { // There is no RDMA here.
                phases.computeIfAbsent(phase.name(), _ -> new ArrayList<>()).add((double) phase.millis());
            }
        }
    }
}
