package dev.scc.testbed;

import dev.scc.host.Ipv4;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The testbed's network namespace: a bridge {@code underlay} with the host's address on it, a bridge {@code fabric}, and two
 * taps for each guest. All of it goes with the namespace. What {@code ip netns} makes once for all namespaces of a machine,
 * the mount {@code /run/netns}, stays.
 */
final class TestbedNetwork {
    private final String namespace;
    private final Commands commands;

    TestbedNetwork(TestbedName name, Commands commands) {
        this.namespace = name.namespace();
        this.commands = commands;
    }

    boolean exists() {
        return Files.exists(Path.of("/run/netns", namespace));
    }

    /** @param hosts addresses of the host's end */
    void create(List<TestbedNode> nodes, List<Ipv4> hosts) throws CommandFailed {
        commands.check(Command.of("ip", "netns", "add", namespace));
        List<String> lines = new ArrayList<>();
        lines.add("link set lo up");
        lines.add("link add underlay type bridge mcast_snooping 0");
        lines.add("link add fabric mtu " + TestbedNode.RDMA_MTU + " type bridge mcast_snooping 0");
        for (Ipv4 host : hosts) {
            lines.add("address add " + host + "/" + TestbedNode.PREFIX + " broadcast + dev underlay");
        }
        lines.add("link set underlay up");
        lines.add("link set fabric up");
        for (TestbedNode node : nodes) {
            tap(lines, node.underlayTap(), "underlay", "");
            tap(lines, node.fabricTap(), "fabric", " mtu " + TestbedNode.RDMA_MTU);
            // Waiting for a guest costs no second between two ARP requests.
            lines.add("neighbour add " + node.address() + " lladdr " + node.underlayMac()
                    + " dev underlay nud permanent");
        }
        String batch = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        commands.check(Command.of("ip", "-n", namespace, "-batch", "-").withInput(batch));
    }

    private static void tap(List<String> lines, String tap, String bridge, String more) {
        lines.add("tuntap add dev " + tap + " mode tap");
        lines.add("link set " + tap + more + " master " + bridge + " up");
    }

    String namespace() {
        return namespace;
    }

    /** Whether processes run inside; one that cannot be looked into counts as such. */
    boolean inhabited() {
        try {
            return !processes().isEmpty();
        } catch (CommandFailed e) {
            return true;
        }
    }

    /** The processes inside, without this one and those that started it: a client may have entered the namespace. */
    List<ProcessId> processes() throws CommandFailed {
        List<Long> own = new ArrayList<>();
        Optional<ProcessHandle> next = Optional.of(ProcessHandle.current());
        while (next.isPresent()) {
            own.add(next.get().pid());
            next = next.get().parent();
        }
        return commands.check(Command.of("ip", "netns", "pids", namespace))
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(Long::parseLong)
                .filter(pid -> !own.contains(pid))
                .flatMap(pid -> ProcessId.of(pid).stream())
                .toList();
    }

    void delete() throws CommandFailed {
        if (exists()) {
            commands.check(Command.of("ip", "netns", "delete", namespace));
        }
    }

    /** The words that start a command inside. */
    List<String> enter() {
        return List.of("nsenter", "--net=/run/netns/" + namespace, "--");
    }
}
