package dev.scc.bench;

import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Nodes as network namespaces, each with {@code eth0} on one bridge, which is in a namespace of its own. Their names are
 * random; closing removes all of them, and so does the end of the process.
 */
final class NamespaceNodes implements AutoCloseable {
    private static final Ipv4 UNDERLAY = Ipv4.parse("10.98.0.0");
    /** The bridge's own address, for those who reach nodes over the network. */
    private static final int HUB = 254;

    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Commands machine = new LocalCommands();
    private final String prefix =
            "scc-bench-%08x".formatted(ThreadLocalRandom.current().nextInt());
    private final List<Node> nodes = new ArrayList<>();
    private final Thread removal = Thread.ofPlatform().unstarted(this::remove);

    /** One of them. */
    record Node(NodeName name, String namespace, Ipv4 underlay) {}

    /** @param count 1 to 200 */
    NamespaceNodes(int count) throws CommandFailed {
        for (int number = 1; number <= count; number++) {
            nodes.add(new Node(new NodeName("n" + number), prefix + "-n" + number, UNDERLAY.plus(number)));
        }
        Runtime.getRuntime().addShutdownHook(removal);
        try {
            add();
        } catch (CommandFailed | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void add() throws CommandFailed {
        StringBuilder namespaces = new StringBuilder("netns add " + hub() + "\n");
        StringBuilder ports = new StringBuilder("""
                link set lo up
                link add underlay type bridge
                link set underlay addrgenmode none
                link set underlay up
                addr add %s/24 dev underlay
                """.formatted(UNDERLAY.plus(HUB)));
        for (Node node : nodes) {
            namespaces.append("netns add ").append(node.namespace()).append('\n');
            String port = "p-" + node.name();
            ports.append("link add %s type veth peer name eth0 netns %s\n".formatted(port, node.namespace()));
            ports.append("link set %s addrgenmode none\n".formatted(port));
            ports.append("link set %s master underlay up\n".formatted(port));
        }
        ip(List.of("ip", "-batch", "-"), namespaces.toString());
        ip(List.of("ip", "-n", hub(), "-batch", "-"), ports.toString());
        for (Node node : nodes) {
            ip(List.of("ip", "-n", node.namespace(), "-batch", "-"), """
                    link set lo up
                    link set eth0 addrgenmode none
                    link set eth0 up
                    addr add %s/24 dev eth0
                    """.formatted(node.underlay()));
        }
    }

    private void ip(List<String> argv, String batch) throws CommandFailed {
        machine.check(Command.of(argv).withInput(batch).within(LONGEST));
    }

    /** The namespace that the bridge is in. */
    String hub() {
        return prefix;
    }

    List<Node> nodes() {
        return List.copyOf(nodes);
    }

    private void remove() {
        StringBuilder batch = new StringBuilder();
        nodes.forEach(
                node -> batch.append("netns del ").append(node.namespace()).append('\n'));
        batch.append("netns del ").append(hub()).append('\n');
        try {
            // What is not there needs no removal.
            machine.run(Command.of("ip", "-force", "-batch", "-")
                    .withInput(batch.toString())
                    .within(LONGEST));
        } catch (CommandFailed e) {
            System.err.println("namespaces " + prefix + "* are left: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(removal);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook does the same again.
        }
    }
}
