package dev.scc.job.node;

import dev.scc.job.Mapping;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The processors of this node, and which of them ranks of jobs with a {@link Mapping} have. Other jobs run where the kernel
 * lets them. Thread-safe.
 */
final class Processors {
    private static final int NONE = -1;

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
     * @param shared whether ranks of other jobs that share, too, may have the same
     */
    record Share(List<Core> cores, List<String> cpus, boolean shared) {
        Share {
            cores = List.copyOf(cores);
            cpus = List.copyOf(cpus);
        }

        /** Of all its ranks together. */
        String all() {
            return list(cores);
        }
    }

    /** Finds the cores that there are now. */
    @FunctionalInterface
    interface View {
        List<Core> look() throws IOException;
    }

    private final View view;
    private final List<Share> held = new ArrayList<>();

    Processors(View view) {
        this.view = view;
    }

    /**
     * Those that this process may use, as sysfs shows them (Documentation/admin-guide/cputopology.rst of Linux) each time that a
     * job wants some: processors come and go.
     */
    static Processors ofThisMachine() {
        return new Processors(() -> read(Path.of("/sys/devices/system"), allowed()));
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
        Set<Integer> usable = new TreeSet<>(allowed);
        Path online = system.resolve("cpu/online");
        if (Files.exists(online)) {
            usable.retainAll(Set.copyOf(numbers(Files.readString(online))));
        }
        Map<Integer, Core> found = new TreeMap<>();
        for (int cpu : usable) {
            Path topology = system.resolve("cpu/cpu" + cpu + "/topology");
            List<Integer> threads =
                    siblings(topology, cpu).stream().filter(usable::contains).toList();
            int socket = Math.max(0, number(topology.resolve("physical_package_id"), 0));
            found.putIfAbsent(threads.getFirst(), new Core(socket, numa.getOrDefault(cpu, 0), threads));
        }
        return found.values().stream()
                .sorted(Comparator.comparingInt(Core::socket).thenComparingInt(Core::numa))
                .toList();
    }

    /** The threads of a processor's core, itself among them. The older name is that of kernels before 5.3. */
    private static Set<Integer> siblings(Path topology, int cpu) throws IOException {
        Set<Integer> all = new TreeSet<>(Set.of(cpu));
        for (String name : List.of("core_cpus_list", "thread_siblings_list")) {
            Path file = topology.resolve(name);
            if (Files.exists(file)) {
                all.addAll(numbers(Files.readString(file)));
                return all;
            }
        }
        return all;
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

    /** Their processors, in ranges: {@code 0-3,8}. */
    private static String list(Collection<Core> cores) {
        StringBuilder text = new StringBuilder();
        int first = NONE;
        int last = NONE;
        for (int cpu :
                cores.stream().flatMap(core -> core.cpus().stream()).collect(Collectors.toCollection(TreeSet::new))) {
            if (first == NONE || cpu != last + 1) {
                append(text, first, last);
                first = cpu;
            }
            last = cpu;
        }
        append(text, first, last);
        return text.toString();
    }

    private static void append(StringBuilder text, int first, int last) {
        if (first != NONE) {
            text.append(text.isEmpty() ? "" : ",").append(first).append(last > first ? "-" + last : "");
        }
    }

    /**
     * Takes a core for each rank. Those of jobs that do not share are theirs alone, also when others would share.
     *
     * @throws NotEnough if there are not enough that no rank has, and the job does not want to share; the message says
     *     how many there are
     */
    synchronized Share take(Mapping mapping, int count) throws IOException {
        List<Core> cores = view.look();
        Map<Core, Integer> ranks = new HashMap<>();
        Set<Core> own = new HashSet<>();
        for (Core core : cores) {
            for (Share share : held) {
                int on = (int) share.cores().stream()
                        .filter(each -> !Collections.disjoint(each.cpus(), core.cpus()))
                        .count();
                ranks.merge(core, on, Integer::sum);
                if (on > 0 && !share.shared()) {
                    own.add(core);
                }
            }
        }
        long free =
                cores.stream().filter(core -> ranks.getOrDefault(core, 0) == 0).count();
        if (count > free && !mapping.oversubscribe()) {
            throw new NotEnough("has " + cores.size() + " cores, " + free
                    + " of them without ranks, and the job wants " + count
                    + " there; --oversubscribe lets ranks share cores, without --map-by the kernel places them");
        }
        List<Core> open = cores.stream().filter(core -> !own.contains(core)).toList();
        if (open.isEmpty()) {
            throw new NotEnough(
                    "has " + cores.size() + " cores, and all are held by jobs without --oversubscribe, which"
                            + " do not share; wait for their end, without --map-by the kernel places ranks");
        }
        List<Integer> domains = open.stream()
                .map(core -> domain(mapping.by(), core))
                .distinct()
                .sorted()
                .toList();
        List<Core> taken = new ArrayList<>();
        for (int rank = 0; rank < count; rank++) {
            int wanted = domains.get(rank % domains.size());
            Core core = open.stream()
                    .min(Comparator.<Core>comparingInt(each -> ranks.getOrDefault(each, 0))
                            .thenComparing(each -> domain(mapping.by(), each) != wanted))
                    .orElseThrow();
            ranks.merge(core, 1, Integer::sum);
            taken.add(core);
        }
        List<String> cpus = taken.stream()
                .map(core -> mapping.by() == Mapping.By.CORE
                        ? list(List.of(core))
                        : list(taken.stream()
                                .filter(each -> domain(mapping.by(), each) == domain(mapping.by(), core))
                                .toList()))
                .toList();
        Share share = new Share(taken, cpus, mapping.oversubscribe());
        held.add(share);
        return share;
    }

    private static int domain(Mapping.By by, Core core) {
        return switch (by) {
            case CORE, NODE -> 0;
            case SOCKET -> core.socket();
            case NUMA -> core.numa();
        };
    }

    synchronized void giveBack(Share share) {
        held.remove(share); // Or one that is equal, which comes to the same.
    }
}
