package dev.scc.cluster.ha;

import static org.awaitility.Awaitility.await;

import dev.scc.cluster.FreePorts;
import dev.scc.cluster.Leader;
import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Server processes by their names. Closing kills those that are left. */
final class Servers implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(90);
    private static final Duration SESSION = Duration.ofSeconds(4);

    private final Path directory;
    private final Map<String, List<String>> arguments = new TreeMap<>();
    private final Map<String, Process> running = new HashMap<>();
    private final String hosts;
    private final Duration session;

    /** Where each listens for callers. */
    private final Map<String, Integer> ports = new TreeMap<>();

    private Servers(Path directory, String hosts, Duration session, List<String> names) throws IOException {
        this.directory = directory;
        this.hosts = hosts;
        this.session = session;
        Iterator<Integer> free = FreePorts.several(names.size()).iterator();
        names.forEach(name -> ports.put(name, free.next()));
    }

    /** s1, s2 and s3 as an ensemble on loopback; none runs yet. */
    static Servers ensemble(Path directory) throws IOException {
        Set<Integer> ports = FreePorts.several(9);
        List<Integer> all = List.copyOf(ports);
        List<String> peers = new ArrayList<>();
        List<String> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            peers.add(
                    "s%d=127.0.0.1:%d:%d:%d".formatted(i + 1, all.get(3 * i), all.get(3 * i + 1), all.get(3 * i + 2)));
            clients.add("127.0.0.1:" + all.get(3 * i));
        }
        Servers servers = new Servers(directory, String.join(",", clients), SESSION, List.of("s1", "s2", "s3"));
        for (int i = 1; i <= 3; i++) {
            servers.arguments.put("s" + i, List.of("member", String.join(",", peers), "s" + i));
        }
        return servers;
    }

    /** Servers on a ZooKeeper that is there; none runs yet. */
    static Servers on(Path directory, String hosts, String... names) throws IOException {
        return on(directory, hosts, SESSION, names);
    }

    /** @param session how long ZooKeeper waits for a server that says nothing */
    static Servers on(Path directory, String hosts, Duration session, String... names) throws IOException {
        Servers servers = new Servers(directory, hosts, session, List.of(names));
        for (String name : names) {
            servers.arguments.put(name, List.of("external", hosts));
        }
        return servers;
    }

    /** Where agents find ZooKeeper. */
    String hosts() {
        return hosts;
    }

    /** Where callers find the servers. */
    String addresses() {
        return ports.values().stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    void startAll() throws IOException {
        for (String name : arguments.keySet()) {
            start(name);
        }
    }

    void start(String name) throws IOException {
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName(),
                data(name).toString(),
                String.valueOf(session.toSeconds()),
                String.valueOf(ports.get(name))));
        argv.addAll(Optional.ofNullable(arguments.get(name)).orElseThrow());
        Process process = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(name + ".log").toFile()))
                .start();
        running.put(name, process);
    }

    private Path data(String name) {
        return directory.resolve(name);
    }

    /** SIGKILL. */
    void kill(String name) {
        Process process = Optional.ofNullable(running.remove(name)).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    void killAll() {
        Set.copyOf(running.keySet()).forEach(this::kill);
    }

    void pause(String name) throws IOException, InterruptedException {
        signal("STOP", name);
    }

    void resume(String name) throws IOException, InterruptedException {
        signal("CONT", name);
    }

    private void signal(String signal, String name) throws IOException, InterruptedException {
        Process process = Optional.ofNullable(running.get(name)).orElseThrow();
        int status = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + signal + " " + process.pid() + " ended with " + status);
        }
    }

    /** Waits until one leads that is not called {@code other}. */
    String awaitLeader(Tree tree, String other) {
        return await().atMost(LONG)
                .until(
                        () -> leader(tree),
                        name -> name.isPresent() && !name.get().equals(other))
                .orElseThrow();
    }

    private Optional<String> leader(Tree tree) throws Exception {
        try {
            Optional<String> instance = tree.get(Paths.LEADER)
                    .map(entry -> Json.read(entry.text(), Leader.class).server());
            for (String name : arguments.keySet()) {
                Path file = data(name).resolve("instance");
                if (instance.isPresent()
                        && Files.exists(file)
                        && Files.readString(file).strip().equals(instance.get())) {
                    return Optional.of(name);
                }
            }
            return Optional.empty();
        } catch (ConnectionLost e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        killAll();
    }
}
