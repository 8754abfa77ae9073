package dev.scc.fabric.inventory;

import dev.scc.fabric.GidEntry;
import dev.scc.fabric.RdmaDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the kernel shows of RDMA devices under {@code /sys/class/infiniband}; always port 1.
 *
 * @param root of the file system: {@code /}, or the root of a captured tree
 */
public record RdmaSysfs(Path root) {
    /** A GID table is filled from its start, but what goes leaves a gap. rxe has 1024 rows, too many to read each time. */
    private static final int LONGEST_GAP = 64;

    /** Such as {@code fe80000000000000505400fffe000001 03 40 20 80     eth1}: the first, and the interface's name. */
    private static final Pattern IF_INET6 = Pattern.compile("(?m)^([0-9a-f]{32}) .* +(\\S+)$");

    private static final String NO_GID = "0000:0000:0000:0000:0000:0000:0000:0000";

    /** This machine's. */
    public static RdmaSysfs local() {
        return new RdmaSysfs(Path.of("/"));
    }

    /** Names of all RDMA devices, sorted; empty where the kernel has none or no RDMA at all. */
    public List<String> names() throws IOException {
        Path all = root.resolve("sys/class/infiniband");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(all)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    public List<RdmaDevice> devices() throws IOException {
        List<RdmaDevice> devices = new ArrayList<>();
        for (String name : names()) {
            devices.add(device(name));
        }
        return devices;
    }

    /** @throws NoSuchFileException if there is no such device */
    public RdmaDevice device(String name) throws IOException {
        List<GidEntry> gids = gids(name);
        String netdev = netdev(name, gids);
        return new RdmaDevice(name, netdev, portState(name), pathMtu(name, netdev), gids);
    }

    /** Such as {@code ACTIVE}. @throws NoSuchFileException if there is no such device */
    String portState(String name) throws IOException {
        // Such as "4: ACTIVE".
        return text(port(name).resolve("state")).replaceFirst("^[0-9]+: *", "");
    }

    /** The interface's IPv6 addresses, written as GIDs are; none where the kernel has no IPv6. */
    List<String> ipv6(String netdev) {
        Matcher lines =
                IF_INET6.matcher(optional(root.resolve("proc/net/if_inet6")).orElse(""));
        return lines.results()
                .filter(line -> line.group(2).equals(netdev))
                .map(line -> line.group(1).replaceAll("(.{4})(?!$)", "$1:"))
                .toList();
    }

    /** Of its link, such as {@code 100 Gb/sec (4X EDR)}; empty where the kernel shows none. */
    String rate(String name) {
        return optional(root.resolve("sys/class/infiniband").resolve(name).resolve("ports/1/rate"))
                .orElse("");
    }

    /** Whether its port is up; of a device in software also whether its Ethernet interface is to be seen here. */
    public boolean usable(String name) throws IOException {
        Path interfaces = root.resolve("sys/class/net");
        return portState(name).equals("ACTIVE")
                && parent(name).map(interfaces::resolve).map(Files::exists).orElse(true);
    }

    /** The NUMA domain of the device, or of the interface that it is on; empty where it is in none, or has no bus. */
    public Optional<Integer> numa(String name) {
        Path device = parent(name)
                .map(root.resolve("sys/class/net")::resolve)
                .orElse(root.resolve("sys/class/infiniband").resolve(name));
        return optional(device.resolve("device/numa_node"))
                .filter(text -> text.matches("[0-9]{1,6}")) // -1 for none
                .map(Integer::valueOf);
    }

    /** Whether the device is in software, on an Ethernet interface that it names. */
    boolean soft(String name) {
        return parent(name).isPresent();
    }

    /** The rows of the device's GID table that are in use. */
    public List<GidEntry> gids(String name) throws IOException {
        List<GidEntry> gids = new ArrayList<>();
        walk(name, any -> true, row -> {
            gids.add(row);
            return false;
        });
        return gids;
    }

    /** The first row with this GID that is {@code wanted}. Reads no more than it has to. */
    Optional<GidEntry> gid(String name, String gid, Predicate<GidEntry> wanted) throws IOException {
        return walk(name, gid::equals, wanted);
    }

    /** Goes through the rows whose GID is {@code known} until one is {@code wanted}. */
    private Optional<GidEntry> walk(String name, Predicate<String> known, Predicate<GidEntry> wanted)
            throws IOException {
        Path port = port(name);
        int gap = 0;
        for (int index = 0; gap < LONGEST_GAP; index++) {
            String gid;
            try {
                gid = text(port.resolve("gids/" + index));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (IOException e) {
                gid = NO_GID;
            }
            if (gid.equals(NO_GID)) {
                gap++;
                continue;
            }
            gap = 0;
            Optional<GidEntry> row = known.test(gid) ? row(port, index, gid) : Optional.empty();
            if (row.isPresent() && wanted.test(row.get())) {
                return row;
            }
        }
        return Optional.empty();
    }

    /** Empty for a row that goes in this moment: it has a GID and no attributes. */
    private static Optional<GidEntry> row(Path port, int index, String gid) {
        Optional<String> type = optional(port.resolve("gid_attrs/types/" + index));
        Optional<String> netdev = optional(port.resolve("gid_attrs/ndevs/" + index));
        return type.isPresent() && netdev.isPresent()
                ? Optional.of(new GidEntry(index, gid, type.get(), netdev.get()))
                : Optional.empty();
    }

    /** All numbers in the port's directories {@code counters} and {@code hw_counters}, by file name. */
    public Map<String, Long> counters(String name) throws IOException {
        Map<String, Long> counters = new TreeMap<>();
        for (String directory : List.of("counters", "hw_counters")) {
            Path all = port(name).resolve(directory);
            if (!Files.isDirectory(all)) {
                continue;
            }
            try (Stream<Path> files = Files.list(all)) {
                for (Path file : files.toList()) {
                    optional(file)
                            .filter(text -> text.matches("[0-9]{1,18}"))
                            .ifPresent(text -> counters.put(file.getFileName().toString(), Long.parseLong(text)));
                }
            }
        }
        return counters;
    }

    private Path port(String name) throws IOException {
        Path port = root.resolve("sys/class/infiniband").resolve(name).resolve("ports/1");
        if (!Files.isDirectory(port)) {
            throw new NoSuchFileException(port.toString(), null, "there is no RDMA device " + name);
        }
        return port;
    }

    /** rxe names its interface; hardware has it among its function's interfaces, and both in the row of the first GID. */
    private String netdev(String name, List<GidEntry> gids) throws IOException {
        Optional<String> parent = parent(name);
        if (parent.isPresent()) {
            return parent.get();
        }
        Path own = root.resolve("sys/class/infiniband").resolve(name).resolve("device/net");
        if (Files.isDirectory(own)) {
            try (Stream<Path> entries = Files.list(own)) {
                Optional<String> first = entries.map(
                                entry -> entry.getFileName().toString())
                        .sorted()
                        .findFirst();
                if (first.isPresent()) {
                    return first.get();
                }
            }
        }
        return gids.isEmpty() ? "" : gids.getFirst().netdev();
    }

    /** The interface of a device in software. */
    Optional<String> parent(String name) {
        return optional(root.resolve("sys/class/infiniband").resolve(name).resolve("parent"));
    }

    /**
     * The largest InfiniBand MTU that fits: sysfs has no file for it. The headers to leave room for are 80 bytes in rxe
     * (its RXE_MAX_HDR_LENGTH) and 96 elsewhere (the kernel's iboe_get_mtu: GRH, UDP, BTH, XRC, atomics and ICRC).
     */
    private int pathMtu(String name, String netdev) throws IOException {
        Optional<String> ethernet = netdev.isEmpty()
                ? Optional.empty()
                : optional(root.resolve("sys/class/net").resolve(netdev).resolve("mtu"));
        int room = ethernet.map(Integer::parseInt).orElse(0) - (parent(name).isPresent() ? 80 : 96);
        return Math.clamp(Integer.highestOneBit(Math.max(room, 1)), 256, 4096);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file).strip();
    }

    /** Empty for a file that is not there, or that the kernel refuses to read because nothing stands behind it. */
    private static Optional<String> optional(Path file) {
        try {
            return Optional.of(text(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
