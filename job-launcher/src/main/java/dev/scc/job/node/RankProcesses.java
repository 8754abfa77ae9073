package dev.scc.job.node;

import dev.scc.host.Cgroup;
import dev.scc.host.libc.LibcFailed;
import dev.scc.host.libc.ProcessDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processes of a job on this node that are its program's: not those that start and watch it. */
final class RankProcesses {
    private static final Logger log = LoggerFactory.getLogger(RankProcesses.class);
    /** Ours that stay above a program, see the sources of the same names. */
    private static final Set<String> WATCHERS = Set.of("scc-exec", "scc-rank", "scc-rsh", "scc-pmix");

    private static final String RANK = "scc-rank";

    private RankProcesses() {}

    /**
     * Sends all of them a signal, as a terminal does with all that runs in it.
     *
     * @param launched whether a launcher starts the ranks, which hears nothing: they are below {@code scc-rank}
     */
    static void send(Cgroup job, int signal, boolean launched) throws IOException {
        for (long pid : find(job, launched)) {
            try (ProcessDescriptor process = ProcessDescriptor.open(pid)) {
                // What has ended since, and whose number another process has, is not in the cgroup any more.
                if (isIn(job, pid)) {
                    process.send(signal);
                }
            } catch (LibcFailed e) {
                log.atDebug().addKeyValue("pid", pid).setCause(e).log("process ended before its signal");
            }
        }
    }

    /** See cgroups(7): "0::/scc/JOB/p1". The name of a job is that of no other cgroup. */
    private static boolean isIn(Cgroup job, long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cgroup"))
                    .contains("/" + job.directory().getFileName());
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Long> find(Cgroup job, boolean launched) throws IOException {
        List<Long> all = job.processes();
        Map<Long, String> names = new HashMap<>();
        Map<Long, Long> parents = new HashMap<>();
        for (long pid : all) {
            program(pid).ifPresent(name -> names.put(pid, name));
            parent(pid).ifPresent(parent -> parents.put(pid, parent));
        }
        return all.stream()
                .filter(pid -> !WATCHERS.contains(names.getOrDefault(pid, "")))
                .filter(pid -> !launched || belowRank(pid, names, parents))
                .toList();
    }

    private static boolean belowRank(long pid, Map<Long, String> names, Map<Long, Long> parents) {
        Set<Long> seen = new HashSet<>();
        Optional<Long> above = Optional.ofNullable(parents.get(pid));
        while (above.isPresent() && seen.add(above.get())) {
            if (RANK.equals(names.get(above.get()))) {
                return true;
            }
            above = Optional.ofNullable(parents.get(above.get()));
        }
        return false;
    }

    /** The name of the file that it executes. */
    private static Optional<String> program(long pid) {
        try {
            return Optional.of(String.valueOf(
                    Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).getFileName()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** As /proc/PID/stat shows it behind the name in parentheses (proc(5)). */
    private static Optional<Long> parent(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return Optional.of(
                    Long.valueOf(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[1]));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
