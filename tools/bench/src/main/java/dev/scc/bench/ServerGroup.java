package dev.scc.bench;

import dev.scc.cluster.Leader;
import dev.scc.cluster.Paths;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.FileTree;
import dev.scc.host.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Three {@code scc server} processes as an ensemble on loopback, and their data. Closing removes both. */
final class ServerGroup implements AutoCloseable {
    static final Duration SESSION = Duration.ofSeconds(4);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    /** Below the ports that the kernel gives to connections. */
    private static final int FIRST_PORT = 12_000;

    private static final int LAST_PORT = 30_000;

    private final Path home;
    private final Path data;
    private final Map<String, Integer> ports = new TreeMap<>();
    private final Map<String, Integer> apis = new TreeMap<>();
    private final Map<String, Process> processes = new TreeMap<>();
    private final String peers;
    private final BenchAuthority authority;

    ServerGroup(Path home, Path data) throws IOException {
        this.home = home;
        this.data = data;
        FileTree.remove(data);
        Files.createDirectories(data);
        List<String> list = new ArrayList<>();
        int port = FIRST_PORT;
        for (String name : List.of("s1", "s2", "s3")) {
            int clients = free(port);
            int followers = free(clients + 1);
            int votes = free(followers + 1);
            int api = free(votes + 1);
            port = api + 1;
            ports.put(name, clients);
            apis.put(name, api);
            list.add(name + "=127.0.0.1:" + clients + ":" + followers + ":" + votes);
        }
        peers = String.join(",", list);
        authority = BenchAuthority.prepare(
                ports.keySet().stream().map(data::resolve).toList());
        for (String name : ports.keySet()) {
            start(name);
        }
    }

    private static int free(int from) throws IOException {
        for (int port = from; port <= LAST_PORT; port++) {
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (java.net.BindException e) {
                // Taken; the next one.
            }
        }
        throw new IOException("no free port from " + from + " to " + LAST_PORT);
    }

    /** Where callers find the servers. */
    String addresses() {
        return String.join(
                ",", apis.values().stream().map(port -> "127.0.0.1:" + port).toList());
    }

    /** Those of an administrator. */
    Connections connections() {
        return authority.administrator();
    }

    /** Those of a server, which sees the whole tree. */
    Connections server() {
        return authority.server();
    }

    String hosts() {
        return String.join(
                ",", ports.values().stream().map(port -> "127.0.0.1:" + port).toList());
    }

    void start(String name) throws IOException {
        Process process = new ProcessBuilder(
                        home.resolve("bin/scc").toString(),
                        "server",
                        "--data",
                        data.resolve(name).toString(),
                        "--name",
                        name,
                        "--peers",
                        peers,
                        "--api-port",
                        Integer.toString(Optional.ofNullable(apis.get(name)).orElseThrow()),
                        "--session",
                        SESSION.toSeconds() + "s")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.resolve(name + ".log").toFile()))
                .start();
        processes.put(name, process);
    }

    void kill(String name) {
        Process process = process(name);
        process.destroyForcibly();
        process.onExit().join();
    }

    void pause(String name) throws IOException, InterruptedException {
        signal("STOP", name);
    }

    void resume(String name) throws IOException, InterruptedException {
        signal("CONT", name);
    }

    private void signal(String signal, String name) throws IOException, InterruptedException {
        String pid = Long.toString(process(name).pid());
        int status = new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
        if (status != 0) {
            throw new IOException("kill -" + signal + " " + pid + " ended with status " + status);
        }
    }

    private Process process(String name) {
        return Optional.ofNullable(processes.get(name)).orElseThrow();
    }

    /** Waits until one of them leads; answers its name. */
    String awaitLeader(LeaderWatch watch) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < end) {
            try {
                Optional<String> leader = watch.tree()
                        .get(Paths.LEADER)
                        .map(entry -> Json.read(entry.text(), Leader.class).server());
                for (String name : ports.keySet()) {
                    Path instance = data.resolve(name).resolve("instance");
                    if (Files.exists(instance)
                            && leader.equals(
                                    Optional.of(Files.readString(instance).strip()))) {
                        return name;
                    }
                }
            } catch (ConnectionLost e) {
                // Not yet.
            }
            Thread.sleep(LOOK_AGAIN);
        }
        throw new IOException("none of the servers leads after " + LONGEST.toSeconds() + " s; see " + data);
    }

    /** Waits until that member of the ensemble takes writes from clients, which it can only with a majority behind it. */
    void awaitWriting(String name) throws IOException, InterruptedException {
        String host = "127.0.0.1:" + Optional.ofNullable(ports.get(name)).orElseThrow();
        long end = System.nanoTime() + LONGEST.toNanos();
        try (ZooKeeperTree tree = TreeSessions.open(host, server(), LONGEST)) {
            while (System.nanoTime() < end) {
                try {
                    tree.commit(List.of(new Op.Create("/writing-" + UUID.randomUUID(), "")));
                    return;
                } catch (ConnectionLost e) {
                    Thread.sleep(LOOK_AGAIN);
                } catch (Conflict e) {
                    throw new IOException("server " + name + " refuses a new entry", e);
                }
            }
        }
        throw new IOException("server " + name + " takes no write after " + LONGEST.toSeconds() + " s; see " + data);
    }

    @Override
    public void close() throws IOException {
        processes.keySet().forEach(this::kill);
        FileTree.remove(data);
    }
}
