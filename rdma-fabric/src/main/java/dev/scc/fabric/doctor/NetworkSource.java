package dev.scc.fabric.doctor;

import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.net.Firewall;
import dev.scc.host.net.FlowControl;
import dev.scc.host.net.Surroundings;
import java.util.List;
import java.util.Map;

/** Where a node's interfaces, and what the kernel does with their packets, are read. */
@FunctionalInterface
interface NetworkSource {
    /** UDP port of RoCE v2, as IANA has assigned it. */
    int ROCE_PORT = 4791;

    Surroundings read() throws CommandFailed, InterruptedException;

    /** How those interfaces treat classes of traffic, by name; without those whose drivers do not say. */
    default Map<String, FlowControl> flow(List<String> interfaces) throws CommandFailed, InterruptedException {
        return Map.of();
    }

    /** Rules that drop RoCE packets of those interfaces. */
    default List<Firewall.Drop> drops(List<String> interfaces) throws CommandFailed, InterruptedException {
        return List.of();
    }

    /** That of a namespace of this machine. */
    static NetworkSource of(NetworkNamespace namespace) {
        return new NetworkSource() {
            @Override
            public Surroundings read() throws CommandFailed {
                return Surroundings.of(namespace);
            }

            @Override
            public Map<String, FlowControl> flow(List<String> interfaces) throws CommandFailed, InterruptedException {
                return FlowControl.of(namespace, interfaces);
            }

            @Override
            public List<Firewall.Drop> drops(List<String> interfaces) throws CommandFailed, InterruptedException {
                return Firewall.ofUdp(namespace, ROCE_PORT, interfaces);
            }
        };
    }
}
