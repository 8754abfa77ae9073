package dev.scc.testbed;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The nodes that are network namespaces, each with a veth to the underlay and one to the fabric. */
final class NodeNamespaces {
    static final Path HANDLES = Path.of("/run/netns");
    private static final Path NAMES = Path.of("/etc/netns");

    private final TestbedName testbed;
    private final Commands commands;

    NodeNamespaces(TestbedName testbed, Commands commands) {
        this.testbed = testbed;
        this.commands = commands;
    }

    /** Makes them. The kernel does all of this under one lock, so there are few commands, not few seconds in parallel. */
    void create(List<TestbedNode> nodes) throws CommandFailed {
        commands.check(Command.of("ip", "-batch", "-")
                .withInput(lines(nodes.stream().map(node -> "netns add " + name(node)))));
        for (TestbedNode node : nodes) {
            // Made inside, so that only the end on the bridge has to move.
            commands.check(Command.of("ip", "-n", name(node), "-batch", "-").withInput(lines(inside(node))));
        }
        commands.check(Command.of("ip", "-n", testbed.namespace(), "-batch", "-")
                .withInput(lines(nodes.stream().flatMap(NodeNamespaces::ports))));
    }

    private Stream<String> inside(TestbedNode node) {
        return Stream.of(
                "link set lo up",
                veth(TestbedNode.UNDERLAY_NETDEV, node.underlayMac(), node.underlayPort(), ""),
                veth(TestbedNode.RDMA_NETDEV, node.fabricMac(), node.fabricPort(), " mtu " + TestbedNode.RDMA_MTU),
                "address add " + node.address() + "/" + TestbedNode.PREFIX + " broadcast + dev "
                        + TestbedNode.UNDERLAY_NETDEV,
                "link set " + TestbedNode.UNDERLAY_NETDEV + " up",
                "link set " + TestbedNode.RDMA_NETDEV + " up");
    }

    private String veth(String netdev, String mac, String port, String mtu) {
        return "link add " + netdev + " address " + mac + mtu + " type veth peer name " + port + mtu + " netns "
                + testbed.namespace();
    }

    private static Stream<String> ports(TestbedNode node) {
        return Stream.of(
                "link set " + node.underlayPort() + " master underlay up",
                "link set " + node.fabricPort() + " master fabric up");
    }

    private String name(TestbedNode node) {
        return testbed.namespace(node.name());
    }

    boolean has(TestbedNode node) {
        return Files.exists(HANDLES.resolve(name(node)));
    }

    /** All that are there, whether a state knows of them or not. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        try (Stream<Path> entries = Files.list(HANDLES)) {
            entries.map(entry -> entry.getFileName().toString())
                    .filter(testbed::isOfNode)
                    .forEach(names::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    void delete() throws CommandFailed {
        List<String> names = names();
        if (!names.isEmpty()) {
            commands.check(Command.of("ip", "-batch", "-")
                    .withInput(lines(names.stream().map(name -> "netns delete " + name))));
        }
    }

    /** Takes away the host names that the nodes' agents have kept for {@code ip netns}; there may be none. */
    void forgetNames() throws IOException {
        if (!Files.isDirectory(NAMES)) {
            return;
        }
        try (Stream<Path> entries = Files.list(NAMES)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                if (testbed.isOfNode(entry.getFileName().toString())) {
                    Files.deleteIfExists(entry.resolve("hosts"));
                    Files.deleteIfExists(entry);
                }
            }
        }
        if (Tree.isEmpty(NAMES)) {
            Files.delete(NAMES);
        }
    }

    private static String lines(Stream<String> lines) {
        return lines.map(line -> line + "\n").collect(Collectors.joining());
    }
}
