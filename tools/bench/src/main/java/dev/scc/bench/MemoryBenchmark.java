package dev.scc.bench;

import dev.scc.cli.daemon.JoinedCredentials;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.FileTree;
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
 * neighbour for each of the 999 others. What that agent, its keeper of jobs and the server
 * take of memory.
 */
final class MemoryBenchmark implements Benchmark {
    private static final int NODES = 1000;
    private static final double MOST_HEAP = 512;
    private static final double MOST_RESIDENT = 160;
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    /** From where a process says that it is there to where it does nothing more. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private final Path home;
    private final Path data;
    private final String namespace = "sccbench" + ProcessHandle.current().pid();

    MemoryBenchmark(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    @Override
    public String description() {
        return "memory of the server and of one real agent with its keeper in a cluster of 1,000 nodes";
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
            FileTree.remove(data);
        }
    }

    private static final String SERVER = "127.0.0.1";

    private Result measure() throws IOException, InterruptedException {
        String hosts = "127.0.0.1:2181";
        String scc = home.resolve("bin/scc").toString();
        Path servers = data.resolve("server");
        Authority authority = BenchAuthority.prepare(List.of(servers)).authority();
        for (Role role : List.of(Role.NODE, Role.KEEPER)) {
            authority
                    .issue(new Principal(role, "n" + NODES), Duration.ofDays(1))
                    .write(data.resolve("agent")
                            .resolve(role == Role.NODE ? JoinedCredentials.OWN : JoinedCredentials.KEEPER));
        }
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
            awaitFree(scc);
            double before = ResidentMemory.of(agent.pid()).all();
            run(inside(List.of(
                    scc,
                    "--server",
                    SERVER,
                    "--credentials",
                    administrator(),
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
            ResidentMemory keeper = awaitKeeper();
            ResidentMemory resident = ResidentMemory.of(agent.pid());
            double heap = LiveHeap.of(server.pid());
            double serverResident = ResidentMemory.of(server.pid()).all();
            run(inside(List.of(
                    scc, "--server", SERVER, "--credentials", administrator(), "--timeout", "200s", "delete", "demo")));
            List<Row> rows = List.of(
                    new Row(
                            "server's heap after a collection, MiB (other: target)",
                            heap,
                            MOST_HEAP,
                            heap / MOST_HEAP,
                            "at most 512 MiB",
                            heap <= MOST_HEAP),
                    residentRow("agent, resident", resident.all()),
                    residentRow("agent and keeper of jobs, pages of both once", resident.with(keeper)));
            return new Result(
                    "memory",
                    rows,
                    List.of(
                            "A cluster of " + NODES + " nodes, one of them real, in a network namespace, with "
                                    + entries + " forwarding entries. The others are in memory. One run.",
                            String.format(
                                    java.util.Locale.ROOT,
                                    "The agent had %.0f MiB resident while it was free. The keeper has %.0f MiB, of which much is"
                                            + " the agent's, too. The server has %.0f MiB resident; its heap may grow to"
                                            + " 512 MiB.",
                                    before,
                                    keeper.all(),
                                    serverResident)));
        }
    }

    private String administrator() {
        return data.resolve("server").resolve(Administrator.CREDENTIALS).toString();
    }

    private static Row residentRow(String what, double mebibytes) {
        return new Row(
                what + ", MiB (other: target)",
                mebibytes,
                MOST_RESIDENT,
                mebibytes / MOST_RESIDENT,
                "at most 160 MiB",
                mebibytes <= MOST_RESIDENT);
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
                Integer.toString(NODES - 1),
                data.resolve("server").resolve(Security.AUTHORITY).toString()));
        return command;
    }

    private void awaitFree(String scc) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        long free = 0;
        while (System.nanoTime() < end) {
            try {
                String nodes = run(inside(List.of(
                        scc, "--server", SERVER, "--credentials", administrator(), "-o", "json", "node", "list")));
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

    /** That of the agent's keeper of jobs, once it has started. */
    private ResidentMemory awaitKeeper() throws IOException, InterruptedException {
        Path address = data.resolve("agent/keeper/address.json");
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!Files.exists(address)) {
            if (System.nanoTime() > end) {
                throw new IOException("the agent has started no keeper of jobs; see " + data);
            }
            Thread.sleep(LOOK_AGAIN);
        }
        Thread.sleep(SETTLING);
        return ResidentMemory.of(Json.mapper()
                .readTree(Files.readString(address))
                .path("process")
                .path("pid")
                .asLong());
    }
}
