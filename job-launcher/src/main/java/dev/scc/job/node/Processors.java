package dev.scc.job.node;

import dev.scc.job.Mapping;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The processors of this node, and which of them ranks of jobs with a {@link Mapping} have. Other jobs run where the kernel
 * lets them. Thread-safe.
 */
final class Processors {

    /**
     * One core.
     *
     * @param cpus its hardware threads, by the kernel's numbers
     */
    record Core(int socket, int numa, List<Integer> cpus) {
        Core {
            cpus = List.copyOf(cpus);
        }
    }

    /** There are not enough cores for a job that does not want to share. */
    static final class NotEnough extends IOException {
        private static final long serialVersionUID = 1L;

        NotEnough(String message) {
            super(message);
        }
    }

    /**
     * What a job has.
     *
     * @param cores of its ranks, in their order
     * @param cpus that each of them is bound to, as taskset(1) has them
     */
    record Share(List<Core> cores, List<String> cpus) {
        Share {
            cores = List.copyOf(cores);
            cpus = List.copyOf(cpus);
        }

        /** Of all its ranks together. */
        String all() {
            return list(cores);
        }
    }

    private final List<Core> cores;
    private final Map<Core, Integer> ranks = new HashMap<>();

    Processors(List<Core> cores) {
        this.cores = List.copyOf(cores);
    }

    /** Those that this process may use, as sysfs shows them (Documentation/admin-guide/cputopology.rst of Linux). */
    static Processors ofThisMachine() throws IOException {
        return new Processors(read(Path.of("/sys/devices/system"), allowed()));
    }

    private static List<Integer> allowed() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .map(line -> numbers(line.substring(line.indexOf(':') + 1)))
                .orElseThrow(
                        () -> new IOException("/proc/self/status does not say which processors this process may use"));
    }

    static List<Core> read(Path system, List<Integer> allowed) throws IOException {
        Map<Integer, Integer> numa = new HashMap<>();
        Path domains = system.resolve("node");
        if (Files.isDirectory(domains)) {
            try (DirectoryStream<Path> each = Files.newDirectoryStream(domains, "node[0-9]*")) {
                for (Path domain : each) {
                    int number =
                            Integer.parseInt(domain.getFileName().toString().substring("node".length()));
                    numbers(Files.readString(domain.resolve("cpulist"))).forEach(cpu -> numa.put(cpu, number));
                }
            }
        }
        Map<List<Integer>, List<Integer>> found = new TreeMap<>(Comparator.<List<Integer>>comparingInt(List::getFirst)
                .thenComparingInt(key -> key.get(1))
                .thenComparingInt(List::getLast));
        for (int cpu : allowed) {
            Path topology = system.resolve("cpu/cpu" + cpu + "/topology");
            int socket = Math.max(0, number(topology.resolve("physical_package_id"), 0));
            int core = number(topology.resolve("core_id"), cpu);
            found.computeIfAbsent(List.of(socket, numa.getOrDefault(cpu, 0), core), _ -> new ArrayList<>())
                    .add(cpu);
        }
        return found.entrySet().stream()
                .map(each -> new Core(each.getKey().getFirst(), each.getKey().get(1), each.getValue()))
                .toList();
    }

    private static int number(Path file, int otherwise) throws IOException {
        return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : otherwise;
    }

    /** Of a list such as {@code 0-3,8}. */
    static List<Integer> numbers(String list) {
        List<Integer> all = new ArrayList<>();
        for (String range : list.strip().split(",", -1)) {
            if (!range.isEmpty()) {
                int dash = range.indexOf('-');
                int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
                int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
                for (int cpu = first; cpu <= last; cpu++) {
                    all.add(cpu);
                }
            }
        }
        return all;
    }

    private static String list(Collection<Core> cores) {
        return cores.stream()
                .flatMap(core -> core.cpus().stream())
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .map(String::valueOf)
                .collect(Collectors.joining(","));
    }

    /**
     * Takes a core for each rank.
     *
     * @throws NotEnough if there are not enough that no rank has, and the job does not want to share; the message says
     *     how many there are
     */
    synchronized Share take(Mapping mapping, int count) throws NotEnough {
        long free = cores.stream().filter(core -> !ranks.containsKey(core)).count();
        if (count > free && !mapping.oversubscribe()) {
            throw new NotEnough("has " + cores.size() + " cores, " + free
                    + " of them without ranks, and the job wants " + count
                    + " there; --oversubscribe lets ranks share cores, without --map-by the kernel places them");
        }
        List<Integer> domains = cores.stream()
                .map(core -> domain(mapping.by(), core))
                .distinct()
                .sorted()
                .toList();
        List<Core> taken = new ArrayList<>();
        for (int rank = 0; rank < count; rank++) {
            int wanted = domains.get(rank % domains.size());
            Core core = cores.stream()
                    .min(Comparator.<Core>comparingInt(each -> ranks.getOrDefault(each, 0))
                            .thenComparing(each -> domain(mapping.by(), each) != wanted))
                    .orElseThrow();
            ranks.merge(core, 1, Integer::sum);
            taken.add(core);
        }
        List<String> cpus = taken.stream()
                .map(own -> mapping.by() == Mapping.By.CORE
                        ? list(List.of(own))
                        : list(taken.stream()
                                .filter(each -> domain(mapping.by(), each) == domain(mapping.by(), own))
                                .toList()))
                .toList();
        return new Share(taken, cpus);
    }

    private static int domain(Mapping.By by, Core core) {
        return switch (by) {
            case CORE, NODE -> 0;
            case SOCKET -> core.socket();
            case NUMA -> core.numa();
        };
    }

    synchronized void giveBack(Share share) {
        share.cores().forEach(core -> ranks.computeIfPresent(core, (_, count) -> count > 1 ? count - 1 : null));
    }
}
