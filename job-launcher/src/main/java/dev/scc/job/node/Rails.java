package dev.scc.job.node;

import dev.scc.fabric.inventory.RdmaSysfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The RDMA devices of a node whose ports are up, and how far they are from its processors.
 *
 * @param all sorted by their names
 * @param distances from NUMA domain to NUMA domain as the firmware has them; none where the kernel shows none
 */
record Rails(List<Rail> all, Map<Integer, Map<Integer, Integer>> distances) {
    private static final String NUMA = "node";

    /**
     * One of them.
     *
     * @param numa the domain that it is in; empty where it is in none, or the kernel does not say
     */
    record Rail(String device, Optional<Integer> numa) {}

    Rails {
        all = List.copyOf(all);
        distances = Map.copyOf(distances);
    }

    static Rails ofThisMachine() throws IOException {
        return read(RdmaSysfs.local());
    }

    static Rails read(RdmaSysfs sysfs) throws IOException {
        List<Rail> all = new ArrayList<>();
        for (String device : sysfs.names()) {
            if (sysfs.usable(device)) {
                all.add(new Rail(device, sysfs.numa(device)));
            }
        }
        return new Rails(all, distances(sysfs.root().resolve("sys/devices/system/node")));
    }

    /** Documentation/ABI/stable/sysfs-devices-node of Linux: a number for each domain that is online, in their order. */
    private static Map<Integer, Map<Integer, Integer>> distances(Path domains) throws IOException {
        Map<Integer, String> rows = new TreeMap<>();
        if (!Files.isDirectory(domains)) {
            return Map.of();
        }
        try (Stream<Path> entries = Files.list(domains)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                Path row = entry.resolve("distance");
                if (name.matches(NUMA + "[0-9]{1,6}") && Files.exists(row)) {
                    rows.put(
                            Integer.valueOf(name.substring(NUMA.length())),
                            Files.readString(row).strip());
                }
            }
        }
        Map<Integer, Map<Integer, Integer>> distances = new TreeMap<>();
        List<Integer> online = List.copyOf(rows.keySet());
        rows.forEach((from, row) -> {
            String[] words = row.split("\\s+", -1);
            Map<Integer, Integer> each = new TreeMap<>();
            for (int i = 0; i < words.length && i < online.size(); i++) {
                each.put(online.get(i), Integer.valueOf(words[i]));
            }
            distances.put(from, each);
        });
        return distances;
    }

    /**
     * The device that is nearest to a domain's processors, if there are several and the kernel says where they are. Of those
     * that are equally near it is the preferred one, or else the first.
     */
    Optional<String> nearest(int numa, String preferred) {
        if (all.size() < 2) {
            return Optional.empty();
        }
        return all.stream()
                .filter(rail -> rail.numa().isPresent())
                .min(Comparator.<Rail>comparingInt(
                                rail -> distance(numa, rail.numa().orElseThrow()))
                        .thenComparing(rail -> !rail.device().equals(preferred)))
                .map(Rail::device);
    }

    private int distance(int from, int to) {
        return from == to ? 0 : distances.getOrDefault(from, Map.of()).getOrDefault(to, Integer.MAX_VALUE);
    }
}
