package dev.scc.job.node;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One core of this node.
 *
 * @param numa the domain that its memory is near in
 * @param cpus its hardware threads, by the kernel's numbers
 */
record Core(int socket, int numa, List<Integer> cpus) {
    Core {
        cpus = List.copyOf(cpus);
    }

    /**
     * Those that this process may use, as sysfs shows them now (Documentation/admin-guide/cputopology.rst of Linux): processors
     * come and go.
     */
    static List<Core> ofThisMachine() throws IOException {
        return read(Path.of("/sys/devices/system"), allowed());
    }

    private static List<Integer> allowed() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .map(line -> CpuList.numbers(line.substring(line.indexOf(':') + 1)))
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
                    CpuList.numbers(Files.readString(domain.resolve("cpulist"))).forEach(cpu -> numa.put(cpu, number));
                }
            }
        }
        Set<Integer> usable = new TreeSet<>(allowed);
        Path online = system.resolve("cpu/online");
        if (Files.exists(online)) {
            usable.retainAll(Set.copyOf(CpuList.numbers(Files.readString(online))));
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
                all.addAll(CpuList.numbers(Files.readString(file)));
                return all;
            }
        }
        return all;
    }

    private static int number(Path file, int otherwise) throws IOException {
        return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : otherwise;
    }

    /** The processors of all of them, such as {@code 0-3,8}. */
    static String list(Collection<Core> cores) {
        return CpuList.text(cores.stream().flatMap(core -> core.cpus().stream()).toList());
    }
}
