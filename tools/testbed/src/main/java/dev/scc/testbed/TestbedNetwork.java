package dev.scc.testbed;

import dev.scc.host.Ipv4;
import dev.scc.host.ProcessId;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The testbed's network namespace: a bridge {@code underlay} with the host's address on it, a bridge {@code fabric}, and what
 * connects each node to them: three taps of a guest (one of them for commands alone), two veths of a namespace; for nodes in memory nothing but that their
 * addresses are answered. All of it goes with the namespaces. What {@code ip netns} makes once for all namespaces of a
 * machine, the mount {@code /run/netns}, stays.
 */
final class TestbedNetwork {
    private final String namespace;
    private final NodeNamespaces nodes;
    private final Commands commands;

    TestbedNetwork(TestbedName name, Commands commands) {
        this.namespace = name.namespace();
        this.nodes = new NodeNamespaces(name, commands);
        this.commands = commands;
    }

    boolean exists() {
        return Files.exists(handle()) || !nodes.names().isEmpty();
    }

    private Path handle() {
        return NodeNamespaces.HANDLES.resolve(namespace);
    }

    void create(TestbedSpec spec) throws CommandFailed {
        commands.check(Command.of("ip", "netns", "add", namespace));
        // Else a guest could reach another's wire for commands by way of the host.
        commands.check(Command.of(Stream.concat(enter().stream(), Stream.of("sysctl", "-qw", "net.ipv4.ip_forward=0"))
                .toList()));
        List<String> lines = new ArrayList<>();
        lines.add("link set lo up");
        lines.add("link add underlay type bridge mcast_snooping 0");
        lines.add("link add fabric mtu " + TestbedNode.RDMA_MTU + " type bridge mcast_snooping 0");
        for (Ipv4 host : spec.hosts()) {
            lines.add("address add " + host + "/" + TestbedNode.PREFIX + " broadcast + dev underlay");
        }
        lines.add("link set underlay up");
        lines.add("link set fabric up");
        switch (spec.kind()) {
            case NodeKind.Vm _ -> spec.all().forEach(node -> taps(lines, node));
            case NodeKind.Netns _ -> spec.all().forEach(node -> neighbour(lines, node));
            // Whoever connects to a node reaches the process that all of them are in.
            case NodeKind.Sim _ -> lines.add("route add local " + TestbedNode.subnet() + " dev lo");
        }
        String batch = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        commands.check(Command.of("ip", "-n", namespace, "-batch", "-").withInput(batch));
        if (spec.kind() instanceof NodeKind.Netns) {
            nodes.create(spec.all());
        }
    }

    private static void taps(List<String> lines, TestbedNode node) {
        tap(lines, node.underlayPort(), "underlay", "");
        tap(lines, node.fabricPort(), "fabric", " mtu " + TestbedNode.RDMA_MTU);
        neighbour(lines, node);
        control(lines, node.controlPort(), node);
    }

    /** A wire from the host to one guest, on which the guest's daemon takes commands. */
    private static void control(List<String> lines, String tap, TestbedNode node) {
        lines.add("tuntap add dev " + tap + " mode tap");
        lines.add("link set " + tap + " up");
        lines.add("address add " + TestbedNode.CONTROL_HOST + " peer " + node.control() + " dev " + tap);
        lines.add(
                "neighbour add " + node.control() + " lladdr " + node.controlMac() + " dev " + tap + " nud permanent");
    }

    private static void tap(List<String> lines, String tap, String bridge, String more) {
        lines.add("tuntap add dev " + tap + " mode tap");
        lines.add("link set " + tap + more + " master " + bridge + " up");
    }

    /** Waiting for a node costs no second between two ARP requests. */
    private static void neighbour(List<String> lines, TestbedNode node) {
        lines.add("neighbour add " + node.address() + " lladdr " + node.underlayMac() + " dev underlay nud permanent");
    }

    String namespace() {
        return namespace;
    }

    NodeNamespaces nodes() {
        return nodes;
    }

    /** Whether processes run inside, or on a node that is a namespace; one that cannot be looked into counts as such. */
    boolean inhabited() {
        try {
            return !processes().isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    /** The processes inside and on nodes that are namespaces, without this one and those that started it. */
    List<ProcessId> processes() throws IOException {
        List<Path> handles = new ArrayList<>();
        if (Files.exists(handle())) {
            handles.add(handle());
        }
        nodes.names().forEach(name -> handles.add(NodeNamespaces.HANDLES.resolve(name)));
        return NamespaceProcesses.in(handles);
    }

    void delete() throws CommandFailed {
        nodes.delete();
        if (Files.exists(handle())) {
            commands.check(Command.of("ip", "netns", "delete", namespace));
        }
    }

    /** The words that start a command inside. */
    List<String> enter() {
        return List.of("nsenter", "--net=" + handle(), "--");
    }
}
