package dev.scc.fabric.inventory;

import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.net.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a node has from sysfs, procfs and the kernel's tables. */
public final class InventoryReader {
    private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");

    private final Network network;
    private final Path root;

    /** Where a node's interfaces and routes are read. */
    @FunctionalInterface
    interface Network {
        Surroundings read() throws CommandFailed;
    }

    /** For a node whose interfaces are in that namespace of this machine. */
    public InventoryReader(NetworkNamespace namespace) {
        this(() -> Surroundings.of(namespace), Path.of("/"));
    }

    /** @param root of a captured tree with {@code sys} and {@code proc} */
    InventoryReader(Network network, Path root) {
        this.network = network;
        this.root = root;
    }

    /**
     * Reads everything anew.
     *
     * @throws CommandFailed if the kernel cannot be asked
     * @throws IOException if a file that every Linux has cannot be read
     */
    public NodeInventory read() throws CommandFailed, IOException {
        Surroundings around = network.read();
        return new NodeInventory(
                text("proc/sys/kernel/osrelease"),
                cores(text("sys/devices/system/cpu/online")),
                memory(text("proc/meminfo")),
                nics(around),
                new RdmaSysfs(root).devices(),
                needs(around),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private String text(String file) throws IOException {
        return Files.readString(root.resolve(file)).strip();
    }

    /** Counts a list such as {@code 0-3,6}. */
    private static int cores(String online) {
        int cores = 0;
        for (String range : online.split(",", -1)) {
            String[] ends = range.split("-", -1);
            cores += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
        }
        return cores;
    }

    private static long memory(String meminfo) throws IOException {
        for (String line : meminfo.split("\n", -1)) {
            if (line.startsWith("MemTotal:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("/proc/meminfo has no line MemTotal");
    }

    private static List<Nic> nics(Surroundings around) {
        return around.interfaces().stream()
                .filter(one -> !one.loopback())
                .map(one -> new Nic(one.name(), one.mac(), one.mtu(), one.state(), one.addresses()))
                .toList();
    }

    private List<Need> needs(Surroundings around) throws IOException {
        List<Need> needs = new ArrayList<>();
        around.routes().forEach(route -> needs.add(new Need(route.to(), Need.Kind.ROUTE, route.words())));
        // Such as one that is announced to routers; the rest of 127.0.0.0/8 no cluster is given anyway.
        around.interfaces().stream()
                .filter(Surroundings.Interface::loopback)
                .flatMap(one -> one.addresses().stream())
                .map(address -> Ipv4.parse(address.substring(0, address.indexOf('/'))))
                .filter(address -> !LOOPBACK.contains(address))
                .forEach(address -> needs.add(Need.of(address, Need.Kind.ADDRESS, "on the loopback interface")));
        new NameServers(root).addresses().forEach(address -> needs.add(Need.of(address, Need.Kind.NAME_SERVER, "")));
        return needs;
    }
}
