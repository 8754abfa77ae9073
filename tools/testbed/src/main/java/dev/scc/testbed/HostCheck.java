package dev.scc.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether this machine can hold a testbed: what is missing is found before anything is made, and all of it at once.
 *
 * @param tun the device that taps are made of
 * @param busybox what a guest boots with, statically linked
 * @param self something that belongs to the user who runs this process
 */
record HostCheck(Path tun, Path busybox, Path self) {

    /** The programs of all kinds, with the packages that have them. */
    private static final Map<String, String> COMMON =
            Map.of("ip", "iproute2", "nsenter", "util-linux", "setsid", "util-linux");

    private static final Map<String, String> FOR_GUESTS = Map.of(
            QemuCommand.PROGRAM,
            "qemu-system-x86",
            "depmod",
            "kmod",
            "dpkg-deb",
            "dpkg",
            "apt-get",
            "apt",
            "nft",
            "nftables");
    private static final Map<String, String> FOR_NAMESPACES = Map.of("bridge", "iproute2", "nft", "nftables");
    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d+) kB");

    /** What QEMU itself takes for each guest. */
    private static final int OVERHEAD_MIB = 64;

    static HostCheck ofThisMachine() {
        return new HostCheck(Path.of("/dev/net/tun"), Path.of("/bin/busybox"), Path.of("/proc/self"));
    }

    /** Everything that is missing for {@code spec}; empty if nothing is. */
    List<String> complaints(TestbedSpec spec) throws IOException {
        List<String> complaints = new ArrayList<>();
        if (!Integer.valueOf(0).equals(Files.getAttribute(self, "unix:uid"))) {
            complaints.add("a testbed makes network namespaces, which only root may");
        }
        complaints.addAll(missing(COMMON));
        switch (spec.kind()) {
            case NodeKind.Vm vm -> guests(complaints, spec.nodes(), vm);
            case NodeKind.Netns _ -> complaints.addAll(missing(FOR_NAMESPACES));
            case NodeKind.Sim _ -> {}
        }
        return complaints;
    }

    private static List<String> missing(Map<String, String> programs) {
        return programs.keySet().stream()
                .sorted()
                .filter(program -> !onPath(program))
                .map(program -> program + " is missing (apt-get install " + programs.get(program) + ")")
                .toList();
    }

    private void guests(List<String> complaints, int nodes, NodeKind.Vm kind) throws IOException {
        if (!Files.exists(tun)) {
            complaints.add(tun + " is missing (modprobe tun, or give it to the container)");
        }
        complaints.addAll(missing(FOR_GUESTS));
        if (!Files.isExecutable(busybox)) {
            complaints.add(busybox + " is missing (apt-get install busybox-static)");
        } else if (needsLibraries(busybox)) {
            complaints.add(busybox + " is not statically linked (apt-get install busybox-static)");
        }
        memory(nodes, kind.memoryMiB(), Files.readString(Path.of("/proc/meminfo")))
                .ifPresent(complaints::add);
    }

    static Optional<String> memory(int nodes, int memoryMiB, String meminfo) {
        Matcher found = AVAILABLE.matcher(meminfo);
        if (!found.find()) {
            return Optional.of("/proc/meminfo does not say how much memory is available");
        }
        long available = Long.parseLong(found.group(1)) / 1024;
        long needed = (long) nodes * (memoryMiB + OVERHEAD_MIB);
        return needed <= available
                ? Optional.empty()
                : Optional.of(nodes + " guests of " + memoryMiB + " MiB need " + needed
                        + " MiB of memory with QEMU's own, and " + available
                        + " MiB are available (fewer nodes, or less memory for each)");
    }

    // A program that needs libraries names its loader right after the ELF headers.
    private static boolean needsLibraries(Path program) throws IOException {
        try (InputStream in = Files.newInputStream(program)) {
            return new String(in.readNBytes(4096), StandardCharsets.ISO_8859_1).contains("/ld-");
        }
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        for (String directory : path.split(":", -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
