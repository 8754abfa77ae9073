package dev.scc.vpc;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.command.NamespaceCommands;
import dev.scc.host.command.NetworkNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Nodes for a test: network namespaces with random names, each with an {@code eth0} on one bridge; gone when closed. */
final class Underlay implements AutoCloseable {
    private final LocalCommands machine = new LocalCommands();
    private final List<String> namespaces = new ArrayList<>();
    private final String run =
            "scc-host-%08x".formatted(ThreadLocalRandom.current().nextInt());

    Underlay(int nodes) throws CommandFailed {
        try {
            String bridge = namespace("switch");
            ip(bridge, "link add underlay type bridge");
            ip(bridge, "link set underlay up");
            for (int number = 1; number <= nodes; number++) {
                String node = namespace("n" + number);
                ip(node, "link set lo up");
                ip(node, "link add eth0 type veth peer name p" + number + " netns " + bridge);
                ip(node, "addr add " + address(number) + "/24 dev eth0");
                ip(node, "link set eth0 addrgenmode none up");
                ip(bridge, "link set p" + number + " master underlay up");
            }
        } catch (CommandFailed e) {
            close();
            throw e;
        }
    }

    static NodeName name(int number) {
        return new NodeName("n" + number);
    }

    static Ipv4 address(int number) {
        return Ipv4.parse("10.99.0.10").plus(number);
    }

    /** Somebody in a VPC on that node, with the host address of that number, and that of IPv6 which goes with it. */
    static VpcMember member(VpcNetwork vpc, int node, int number) {
        Ipv4 address = vpc.cidr().host(number);
        return new VpcMember(
                name(node),
                address(node),
                address,
                vpc.ipv6Of(address).map(List::<Ip>of).orElse(List.of()));
    }

    /** Joins two nodes by a cable of their own, whose ends have that name. */
    void cable(int node, int other, String name, int mtu) throws CommandFailed {
        ip(
                namespaces.get(node),
                "link add %1$s mtu %2$d type veth peer name %1$s mtu %2$d netns %3$s"
                        .formatted(name, mtu, namespaces.get(other)));
    }

    /** Where commands run inside the node, which has a number from 1. */
    Commands node(int number) {
        return new NamespaceCommands(machine, namespaces.get(number));
    }

    /** The node's network, for those who change it. */
    NetworkNamespace network(int number) {
        return NetworkNamespace.named(namespaces.get(number));
    }

    private String namespace(String suffix) throws CommandFailed {
        String name = run + "-" + suffix;
        CommandResult made = machine.run(Command.of("ip", "netns", "add", name));
        if (!made.ok()) {
            missing("network namespaces cannot be made: " + made.errors().strip());
        }
        namespaces.add(name);
        return name;
    }

    private void ip(String namespace, String line) throws CommandFailed {
        List<String> argv = new ArrayList<>(List.of("ip", "-n", namespace));
        argv.addAll(List.of(line.split(" ")));
        machine.check(Command.of(argv));
    }

    /** In CI a missing capability is a failure; elsewhere the test is skipped, saying why. */
    private static void missing(String why) {
        if ("true".equals(System.getenv("CI"))) {
            fail(why);
        }
        System.out.println("skipped: " + why);
        abort(why);
    }

    @Override
    public void close() throws CommandFailed {
        for (String namespace : namespaces) {
            machine.check(Command.of("ip", "netns", "del", namespace));
        }
    }
}
