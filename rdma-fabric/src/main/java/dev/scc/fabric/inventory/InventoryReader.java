package dev.scc.fabric.inventory;

import dev.scc.host.Json;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads what a node has from sysfs, procfs and {@code ip}. */
public final class InventoryReader {
    /** The start of the ifalias of interfaces that scc made. */
    private static final String OUR_MARK = "scc:";

    private final Commands commands;
    private final Path root;

    /** For this machine; {@code commands} run on it. */
    public InventoryReader(Commands commands) {
        this(commands, Path.of("/"));
    }

    /** @param root of a captured tree with {@code sys} and {@code proc} */
    InventoryReader(Commands commands, Path root) {
        this.commands = commands;
        this.root = root;
    }

    /**
     * Reads everything anew.
     *
     * @throws CommandFailed if {@code ip} fails
     * @throws IOException if a file that every Linux has cannot be read
     */
    public NodeInventory read() throws CommandFailed, IOException {
        return new NodeInventory(
                text("proc/sys/kernel/osrelease"),
                cores(text("sys/devices/system/cpu/online")),
                memory(text("proc/meminfo")),
                nics(),
                new RdmaSysfs(root).devices());
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

    private List<Nic> nics() throws CommandFailed {
        String output = commands.check(Command.of("ip", "-j", "-d", "addr"));
        List<Nic> nics = new ArrayList<>();
        try {
            for (JsonNode link : Json.mapper().readTree(output)) {
                boolean loopback = link.path("link_type").asString("").equals("loopback");
                if (!loopback && !link.path("ifalias").asString("").startsWith(OUR_MARK)) {
                    nics.add(nic(link));
                }
            }
        } catch (JacksonException e) {
            throw new CommandFailed("\"ip -j -d addr\" did not answer in JSON", e);
        }
        return nics;
    }

    private static Nic nic(JsonNode link) {
        List<String> addresses = new ArrayList<>();
        for (JsonNode address : link.path("addr_info")) {
            if (address.path("family").asString("").equals("inet")) {
                addresses.add(address.path("local").asString("") + "/"
                        + address.path("prefixlen").asInt(32));
            }
        }
        return new Nic(
                link.path("ifname").asString(""),
                link.path("address").asString(""),
                link.path("mtu").asInt(0),
                link.path("operstate").asString(""),
                addresses);
    }
}
