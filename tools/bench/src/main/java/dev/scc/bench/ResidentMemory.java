package dev.scc.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a process has in memory, by mapping, as {@code /proc/PID/smaps} says. */
final class ResidentMemory {
    private static final double KIB_IN_MIB = 1024;

    /** A part of a file; of anonymous memory, the address. */
    private record Mapping(String what, String offset, boolean file) {}

    private record Pages(long resident, long written) {
        Pages plus(Pages other) {
            return new Pages(resident + other.resident, written + other.written);
        }

        long unwritten() {
            return resident - written;
        }
    }

    private static final Pages NONE = new Pages(0, 0);

    private final Map<Mapping, Pages> mappings;

    private ResidentMemory(Map<Mapping, Pages> mappings) {
        this.mappings = mappings;
    }

    static ResidentMemory of(long pid) throws IOException {
        Map<Mapping, Pages> mappings = new LinkedHashMap<>();
        Mapping mapping = new Mapping("", "", false);
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps"))) {
            String[] words = line.strip().split("\\s+", 6);
            if (!words[0].endsWith(":")) {
                boolean file = words.length == 6 && words[5].startsWith("/");
                mapping = file ? new Mapping(words[5], words[2], true) : new Mapping(words[0], "", false);
            } else if (words[0].equals("Rss:")) {
                mappings.merge(mapping, new Pages(Long.parseLong(words[1]), 0), Pages::plus);
            } else if (words[0].equals("Anonymous:")) {
                mappings.merge(mapping, new Pages(0, Long.parseLong(words[1])), Pages::plus);
            }
        }
        return new ResidentMemory(mappings);
    }

    /** All of it, in MiB: {@code VmRSS}. */
    double all() {
        return mappings.values().stream().mapToLong(Pages::resident).sum() / KIB_IN_MIB;
    }

    /**
     * That of two processes of one machine, in MiB. Of a part of a file that both have mapped, pages that neither has written to
     * count once: those of the process that has fewer are taken to be among the other's.
     */
    double with(ResidentMemory other) {
        long shared = mappings.entrySet().stream()
                .filter(entry -> entry.getKey().file())
                .mapToLong(entry -> Math.min(
                        entry.getValue().unwritten(),
                        other.mappings.getOrDefault(entry.getKey(), NONE).unwritten()))
                .sum();
        return all() + other.all() - shared / KIB_IN_MIB;
    }
}
