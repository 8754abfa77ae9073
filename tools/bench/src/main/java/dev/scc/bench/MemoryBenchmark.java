package dev.scc.bench;

import dev.scc.host.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A cluster of 1,000 nodes of which one is real: {@code scc agent} in a network namespace, with a forwarding entry and a
 * neighbour for each of the 999 others. What that agent and the server take of memory.
 */
final class MemoryBenchmark implements Benchmark {
    private static final int NODES = 1000;
    private static final double MOST_HEAP = 512;
    private static final double MOST_RESIDENT = 160;
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Path home;
    private final Path data;
    private final String namespace = "sccbench" + ProcessHandle.current().pid();

    MemoryBenchmark(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    @Override
    public String description() {
        return "memory of the server and of one real agent in a cluster of 1,000 nodes";
    }

    @Override
    public Result run(boolean quick) throws Exception {
        Directories.fresh(data);
        run(List.of("ip", "netns", "add", namespace));
        try {
            run(inside(List.of("ip", "link", "set", "lo", "up")));
            run(inside(List.of("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth1")));
            run(inside(List.of("ip", "addr", "add", "12.0.0.1/8", "dev", "eth0")));
            run(inside(List.of("ip", "link", "set", "eth0", "up")));
            run(inside(List.of("ip", "link", "set", "eth1", "up")));
            return measure();
        } finally {
            run(List.of("ip", "netns", "del", namespace));
            Directories.remove(data);
        }
    }

    private Result measure() throws IOException, InterruptedException {
        String hosts = "127.0.0.1:2181";
        String scc = home.resolve("bin/scc").toString();
        try (ChildJvm server = ChildJvm.start(
                        data.resolve("server.log"),
                        inside(List.of(
                                scc, "server", "--data", data.resolve("server").toString())));
                ChildJvm _ = ChildJvm.start(data.resolve("agents.log"), inside(hosted(hosts)));
                ChildJvm agent = ChildJvm.start(
                        data.resolve("agent.log"),
                        inside(List.of(
                                scc,
                                "agent",
                                "--server",
                                hosts,
                                "--node",
                                "n" + NODES,
                                "--underlay",
                                "eth0",
                                "--rdma",
                                "eth1",
                                "--no-rdma-device",
                                "--data",
                                data.resolve("agent").toString())))) {
            awaitFree(scc, hosts);
            double before = resident(agent.pid());
            run(inside(List.of(
                    scc,
                    "--server",
                    hosts,
                    "--timeout",
                    "200s",
                    "create",
                    "demo",
                    "--nodes",
                    "" + NODES,
                    "--verify",
                    "off")));
            int entries = run(inside(List.of("bridge", "fdb", "show")))
                    .lines()
                    .filter(line -> line.contains(" dst "))
                    .mapToInt(_ -> 1)
                    .sum();
            if (entries != NODES - 1) {
                throw new IOException("the real node has " + entries + " forwarding entries");
            }
            double resident = resident(agent.pid());
            double heap = LiveHeap.of(server.pid());
            double serverResident = resident(server.pid());
            run(inside(List.of(scc, "--server", hosts, "--timeout", "200s", "delete", "demo")));
            List<Row> rows = List.of(
                    new Row(
                            "server's heap after a collection, MiB (other: target)",
                            heap,
                            MOST_HEAP,
                            heap / MOST_HEAP,
                            "at most 512 MiB",
                            heap <= MOST_HEAP),
                    new Row(
                            "agent, resident, MiB (other: target)",
                            resident,
                            MOST_RESIDENT,
                            resident / MOST_RESIDENT,
                            "at most 160 MiB",
                            resident <= MOST_RESIDENT));
            return new Result(
                    "memory",
                    rows,
                    List.of(
                            "A cluster of " + NODES + " nodes, one of them real, in a network namespace, with "
                                    + entries + " forwarding entries. The others are in memory. One run.",
                            String.format(
                                    java.util.Locale.ROOT,
                                    "The agent had %.0f MiB resident while it was free. The server has %.0f MiB resident; its"
                                            + " heap may grow to 512 MiB.",
                                    before,
                                    serverResident)));
        }
    }

    private List<String> hosted(String hosts) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SimulatedPool.AGENTS_OPTIONS);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                HostedAgents.class.getName(),
                hosts,
                Integer.toString(NODES - 1)));
        return command;
    }

    private void awaitFree(String scc, String hosts) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        long free = 0;
        while (System.nanoTime() < end) {
            try {
                String nodes = run(inside(List.of(scc, "--server", hosts, "-o", "json", "node", "list")));
                free = Json.mapper()
                        .readTree(nodes)
                        .valueStream()
                        .filter(node -> node.path("state").asString().equals("Free"))
                        .count();
                if (free == NODES) {
                    return;
                }
            } catch (IOException e) {
                // The server is not there yet.
            }
            Thread.sleep(LOOK_AGAIN);
        }
        throw new IOException("only " + free + " of " + NODES + " nodes are free; see " + data);
    }

    /** Not by ip netns exec, which hides what is mounted below /sys: an agent needs its cgroups. */
    private List<String> inside(List<String> command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + namespace, "--"));
        all.addAll(command);
        return all;
    }

    /** What it says on standard output. */
    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + said);
        }
        return said;
    }

    /** In MiB, as the kernel counts it. */
    private static double resident(long pid) throws IOException {
        String line = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(text -> text.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Integer.parseInt(line.replaceAll("[^0-9]", "")) / 1024.0;
    }
}
