package dev.scc.job.node;

import dev.scc.host.Cgroup;
import dev.scc.host.ProcessId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Processes of jobs that have left the cgroups of their jobs, which root can. They cannot leave their descent: whatever loses
 * its parent becomes a child of the process above the keeper ({@code scc-exec -s}), and so stays below that.
 *
 * <p>Without such a process above, as in a test, nobody can tell them from what is none of ours, and none are found.
 */
public final class Strays {
    private static final Path PROC = Path.of("/proc");
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final String SUPERVISOR = "scc-exec";

    private final Optional<ProcessId> top;
    private final long keeper;
    private final List<Path> cgroups;

    private Strays(Optional<ProcessId> top, long keeper, List<Path> cgroups) {
        this.top = top;
        this.keeper = keeper;
        this.cgroups = List.copyOf(cgroups);
    }

    /**
     * Those of jobs that this process keeps.
     *
     * @param cgroups below which processes of jobs belong: of all nodes whose jobs it keeps
     */
    public static Strays ofThisProcess(List<Path> cgroups) {
        ProcessHandle self = ProcessHandle.current();
        long above = self.parent().map(ProcessHandle::pid).orElse(0L);
        Optional<ProcessId> supervisor = Running.of(Long.toString(above))
                .filter(parent -> parent.name().equals(SUPERVISOR))
                .map(Running::id);
        return new Strays(supervisor, self.pid(), cgroups);
    }

    /** Those that nobody keeps together. */
    public static Strays none() {
        return new Strays(Optional.empty(), ProcessHandle.current().pid(), List.of());
    }

    /** A process as /proc/PID/stat shows it (proc(5)). */
    private record Running(ProcessId id, long parent, String name) {
        @Override
        public String toString() {
            return "process " + id.pid() + " (" + name + ")";
        }

        static Optional<Running> of(String pid) {
            try {
                String stat = Files.readString(PROC.resolve(pid).resolve("stat"));
                String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                return fields[0].equals("Z") || fields[0].equals("X")
                        ? Optional.empty()
                        : Optional.of(new Running(
                                new ProcessId(Long.parseLong(pid), Long.parseLong(fields[19])),
                                Long.parseLong(fields[1]),
                                // It is for people, and its owner has chosen it.
                                name.replaceAll("[^ -~]", "?")));
            } catch (IOException | RuntimeException e) {
                return Optional.empty(); // It has ended meanwhile.
            }
        }
    }

    /** Those that there are now, for people. */
    List<String> look() throws IOException {
        return find().stream().map(Running::toString).toList();
    }

    /** Kills them. Returns those that are still there when {@code patience} is over. */
    List<String> end(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        List<Running> found = find();
        while (!found.isEmpty() && System.nanoTime() - deadline < 0) {
            found.forEach(stray -> stray.id().kill());
            Thread.sleep(BETWEEN_LOOKS);
            found = find();
        }
        return found.stream()
                .map(stray -> stray + ", which has left the cgroup of its job")
                .toList();
    }

    /**
     * Below the top, but for the keeper itself, what it is starting just now, and what is in the cgroup of a job. These are
     * looked at last: whatever belongs there and was seen before is in there now, or has ended.
     */
    private List<Running> find() throws IOException {
        if (top.isEmpty() || !top.get().alive()) {
            return List.of();
        }
        List<Running> below = below(top.get().pid());
        Set<Long> held = new HashSet<>();
        for (Path each : cgroups) {
            held.addAll(Cgroup.at(each).processes());
        }
        return below.stream()
                .filter(process -> process.id().pid() != keeper && process.parent() != keeper)
                .filter(process -> !held.contains(process.id().pid()))
                .filter(process -> process.id().alive())
                .toList();
    }

    private static List<Running> below(long top) throws IOException {
        Map<Long, List<Running>> children = all().stream().collect(Collectors.groupingBy(Running::parent));
        List<Running> found = new ArrayList<>();
        Deque<Long> parents = new ArrayDeque<>(List.of(top));
        Set<Long> seen = new HashSet<>();
        while (!parents.isEmpty()) {
            for (Running child : children.getOrDefault(parents.removeFirst(), List.of())) {
                if (seen.add(child.id().pid())) {
                    found.add(child);
                    parents.add(child.id().pid());
                }
            }
        }
        return found;
    }

    private static List<Running> all() throws IOException {
        List<Running> all = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                Running.of(String.valueOf(process.getFileName())).ifPresent(all::add);
            }
        }
        return all;
    }
}
