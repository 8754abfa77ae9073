package dev.scc.bench;

import dev.scc.host.command.Command;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * ENIs that were moved into a namespace of each of two nodes, with and without many rules, beside pods that are joined as
 * flannel does it, and beside the underlay itself: all on the same nodes, in turn.
 */
final class VpcBenchmark implements Benchmark {
    private static final int RUNS = 7;
    private static final int QUICK_RUNS = 2;
    private static final int SECONDS = 3;
    private static final int PORT = 5_201;
    private static final int GROUPS = 5;
    private static final int RULES = 20;
    private static final double FASTER = 1.3;
    private static final double NEARLY = 0.95;
    private static final String NAME = "bench-vpc";
    private static final int FIRST_OF_CPU = 1;
    private static final int IDLE = 4;
    private static final int IOWAIT = 5;
    private static final int STEAL = 8;
    private static final double TICKS_A_SECOND = 100;

    private final Path home;
    private final Path data;
    private final LocalCommands machine = new LocalCommands();

    VpcBenchmark(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    @Override
    public String description() {
        return "ENIs in namespaces of two nodes beside pods of flannel's shape and the underlay: round trips, streams, datagrams";
    }

    /** Two ends that talk: who serves is in one network namespace, who asks in another. */
    private record Way(String name, String server, String client, String address) {}

    /** What is asked of it. */
    private enum Kind {
        RR("round trips a second", "rr"),
        STREAM("TCP stream, MB per processor second", "stream"),
        DATAGRAMS("UDP 64 B, 1000 packets per processor second", "udp"),
        SPEED("TCP stream, MB/s", "");

        private final String words;
        private final String mode;

        Kind(String words, String mode) {
            this.words = words;
            this.mode = mode;
        }
    }

    @Override
    public Result run(boolean quick) throws Exception {
        Files.createDirectories(data);
        Path traffic = compiled();
        List<Process> servers = new ArrayList<>();
        List<String> namespaces = new ArrayList<>();
        try (ScratchTestbed pool =
                new ScratchTestbed(home.resolve("bin/scc").toString(), NAME, data.resolve("pool"), 2)) {
            try {
                List<Way> ways = ways(pool, namespaces);
                for (Way way : ways) {
                    servers.add(serve(traffic, way));
                }
                Map<String, List<Double>> seen = new LinkedHashMap<>();
                int runs = quick ? QUICK_RUNS : RUNS;
                for (int i = 0; i <= runs; i++) {
                    for (Way way : ways) {
                        round(traffic, way, i > 0, seen);
                    }
                }
                return result(seen, runs);
            } finally {
                servers.forEach(Process::destroyForcibly);
                for (String namespace : namespaces) {
                    machine.run(Command.of("ip", "netns", "del", namespace));
                }
            }
        }
    }

    private Path compiled() throws Exception {
        Path source = data.resolve("traffic.c");
        try (InputStream text = Objects.requireNonNull(VpcBenchmark.class.getResourceAsStream("traffic.c"))) {
            Files.copy(text, source, StandardCopyOption.REPLACE_EXISTING);
        }
        Path program = data.resolve("traffic");
        machine.check(Command.of("gcc", "-std=gnu17", "-O2", "-o", program.toString(), source.toString()));
        return program;
    }

    private List<Way> ways(ScratchTestbed pool, List<String> namespaces) throws Exception {
        pool.scc("vpc", "create", "lab", "--cidr", "172.20.0.0/24");
        FlannelShape flannel = new FlannelShape();
        String[] nodes = {"scc-" + NAME + ".n1", "scc-" + NAME + ".n2"};
        String[] underlay = {underlay(nodes[0]), underlay(nodes[1])};
        for (int number = 1; number <= 2; number++) {
            for (String kind : List.of("eni", "rules", "pod")) {
                String namespace = NAME + "-" + kind + number;
                machine.check(Command.of("ip", "netns", "add", namespace));
                namespaces.add(namespace);
            }
            String node = "n" + number;
            attach(pool, node, "172.20.0.1" + number, NAME + "-eni" + number, List.of());
            flannel.join(nodes[number - 1], number, underlay[number - 1], underlay[2 - number], NAME + "-pod" + number);
        }
        List<String> groups = groups(pool);
        for (int number = 1; number <= 2; number++) {
            attach(pool, "n" + number, "172.20.0.2" + number, NAME + "-rules" + number, groups);
        }
        return List.of(
                new Way("eni", NAME + "-eni2", NAME + "-eni1", "172.20.0.12"),
                new Way("rules", NAME + "-rules2", NAME + "-rules1", "172.20.0.22"),
                new Way("flannel", NAME + "-pod2", NAME + "-pod1", FlannelShape.address(2)),
                new Way("underlay", nodes[1], nodes[0], underlay[1]));
    }

    private static void attach(ScratchTestbed pool, String node, String ip, String namespace, List<String> groups)
            throws Exception {
        List<String> words = new ArrayList<>(
                List.of("eni", "attach", node, "--vpc", "lab", "--ip", ip, "--netns", "/run/netns/" + namespace));
        if (!groups.isEmpty()) {
            words.addAll(List.of("--sg", String.join(",", groups)));
        }
        pool.scc(words.toArray(String[]::new));
    }

    /** Of what comes in, only the very last rule is about what is sent here. A new group lets everything out. */
    private static List<String> groups(ScratchTestbed pool) throws Exception {
        List<String> groups = new ArrayList<>();
        for (int group = 1; group <= GROUPS; group++) {
            String name = "g" + group;
            groups.add(name);
            pool.scc("sg", "create", name, "--vpc", "lab");
            int ports = group == GROUPS ? RULES - 2 : RULES - 1;
            for (int rule = 1; rule <= ports; rule++) {
                pool.scc("sg", "rule", "add", name, "in", "tcp/" + (group * 1_000 + 20_000 + rule), "172.20.0.0/24");
            }
        }
        pool.scc("sg", "rule", "add", "g" + GROUPS, "in", "any", "172.20.0.0/24");
        return groups;
    }

    private String underlay(String node) throws Exception {
        String said = machine.check(Command.of("ip", "-n", node, "-4", "-br", "addr", "show", "dev", "eth0"));
        return said.strip().split("\\s+", -1)[2].replaceFirst("/.*", "");
    }

    private static Process serve(Path traffic, Way way) throws IOException {
        Process server = new ProcessBuilder(
                        "nsenter",
                        "--net=/run/netns/" + way.server(),
                        traffic.toString(),
                        "serve",
                        Integer.toString(PORT))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (server.inputReader(StandardCharsets.UTF_8).readLine() == null) {
            throw new IOException("the server of " + way.name() + " does not listen");
        }
        return server;
    }

    private void round(Path traffic, Way way, boolean counts, Map<String, List<Double>> seen) throws Exception {
        for (Kind kind : List.of(Kind.RR, Kind.STREAM, Kind.DATAGRAMS)) {
            double before = processorSeconds();
            long start = System.nanoTime();
            String said = machine.check(Command.of(
                    "nsenter",
                    "--net=/run/netns/" + way.client(),
                    traffic.toString(),
                    kind.mode,
                    way.address(),
                    Integer.toString(PORT),
                    Integer.toString(SECONDS)));
            double wall = (System.nanoTime() - start) / 1e9;
            double processor = processorSeconds() - before;
            double all = Double.parseDouble(said.strip());
            System.err.printf(Locale.ROOT, "%s %s: %.0f, processor %.2f s%n", way.name(), kind.mode, all, processor);
            if (counts) {
                switch (kind) {
                    case RR -> add(seen, way, Kind.RR, all / wall);
                    case STREAM -> {
                        add(seen, way, Kind.STREAM, all / 1e6 / processor);
                        add(seen, way, Kind.SPEED, all / 1e6 / wall);
                    }
                    case DATAGRAMS -> add(seen, way, Kind.DATAGRAMS, all / 1e3 / processor);
                    case SPEED -> throw new IllegalStateException("is no traffic of its own");
                }
            }
        }
    }

    private static void add(Map<String, List<Double>> seen, Way way, Kind kind, double value) {
        seen.computeIfAbsent(way.name() + " " + kind, _ -> new ArrayList<>()).add(value);
    }

    /** Of the whole machine: a packet's way through the kernel is nobody's process's. */
    private static double processorSeconds() throws IOException {
        String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().split("\\s+", -1);
        long ticks = 0;
        for (int i = FIRST_OF_CPU; i < STEAL; i++) {
            ticks += i == IDLE || i == IOWAIT ? 0 : Long.parseLong(fields[i]);
        }
        return ticks / TICKS_A_SECOND;
    }

    private static Result result(Map<String, List<Double>> seen, int runs) {
        List<Row> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (Kind kind : List.of(Kind.RR, Kind.STREAM, Kind.DATAGRAMS)) {
            rows.add(row(seen, kind, "eni", "flannel", FASTER));
        }
        rows.add(row(seen, Kind.SPEED, "eni", "underlay", NEARLY));
        for (Kind kind : Kind.values()) {
            rows.add(row(seen, kind, "rules", "eni", NEARLY));
        }
        seen.forEach((what, values) -> notes.add(what + ": " + Spread.of(values)));
        notes.add("Each " + runs + " times for " + SECONDS
                + " s, in turn; processor time is the whole machine's. \"rules\" is an ENI in " + GROUPS
                + " groups with " + GROUPS * RULES + " rules, of which the last one matches.");
        return new Result("vpc", rows, notes);
    }

    private static Row row(Map<String, List<Double>> seen, Kind kind, String ours, String other, double least) {
        double here = median(seen, ours, kind);
        double there = median(seen, other, kind);
        return new Row(
                ours + " / " + other + ", " + kind.words,
                here,
                there,
                here / there,
                "at least " + least + "x",
                here / there >= least);
    }

    private static double median(Map<String, List<Double>> seen, String way, Kind kind) {
        return Spread.of(Objects.requireNonNull(seen.get(way + " " + kind))).median();
    }
}
