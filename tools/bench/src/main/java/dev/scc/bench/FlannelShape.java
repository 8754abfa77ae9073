package dev.scc.bench;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.util.List;

/**
 * Pods of two nodes, joined as flannel's VXLAN backend does: a veth from each pod to a bridge of its node, a route to the other
 * node's pods over a VXLAN device with what it needs to know, forwarding, and the rules that keep packets between pods from
 * masquerading. All of it goes with the namespaces.
 */
final class FlannelShape {
    private static final int MTU = 1450;
    private static final int PORT = 8472;

    private final LocalCommands machine = new LocalCommands();

    /** @param node network namespace of the node; {@code number} 1 or 2; {@code pod} the pod's namespace, which is there */
    void join(String node, int number, String underlay, String other, String pod) throws CommandFailed {
        int peer = 3 - number;
        batch(List.of("ip", "-n", node, "-batch", "-"), """
                link add cni0 type bridge
                link set cni0 mtu %1$d up
                addr add 10.244.%2$d.1/24 dev cni0
                link add flannel.1 address 02:00:00:00:f1:0%2$d type vxlan id 1 local %4$s dev eth0 dstport %6$d nolearning
                link set flannel.1 mtu %1$d up
                addr add 10.244.%2$d.0/32 dev flannel.1
                neigh add 10.244.%3$d.0 lladdr 02:00:00:00:f1:0%3$d dev flannel.1 nud permanent
                route add 10.244.%3$d.0/24 via 10.244.%3$d.0 dev flannel.1 onlink
                link add pod mtu %1$d type veth peer name eth0 mtu %1$d netns %5$s
                link set pod master cni0 up
                """.formatted(MTU, number, peer, underlay, pod, PORT));
        machine.check(Command.of(
                "bridge",
                "-n",
                node,
                "fdb",
                "add",
                "02:00:00:00:f1:0" + peer,
                "dev",
                "flannel.1",
                "dst",
                other,
                "self",
                "permanent"));
        batch(List.of("ip", "-n", pod, "-batch", "-"), """
                link set eth0 up
                addr add %1$s/24 dev eth0
                route add default via 10.244.%2$d.1
                """.formatted(address(number), number));
        batch(List.of("nsenter", "--net=/run/netns/" + node, "sh", "-e"), """
                echo 1 > /proc/sys/net/ipv4/ip_forward
                nft -f - <<END
                table ip flannel {
                  chain forward {
                    type filter hook forward priority filter; policy drop;
                    ip saddr 10.244.0.0/16 accept
                    ip daddr 10.244.0.0/16 accept
                  }
                  chain postrouting {
                    type nat hook postrouting priority srcnat;
                    ip saddr 10.244.0.0/16 ip daddr 10.244.0.0/16 return
                    ip saddr 10.244.0.0/16 ip daddr != 224.0.0.0/4 masquerade
                    ip saddr != 10.244.0.0/16 ip daddr 10.244.%1$d.0/24 return
                    ip saddr != 10.244.0.0/16 ip daddr 10.244.0.0/16 masquerade
                  }
                }
                END
                """.formatted(number));
    }

    /** That of a node's pod. */
    static String address(int number) {
        return "10.244." + number + ".2";
    }

    private void batch(List<String> argv, String lines) throws CommandFailed {
        machine.check(Command.of(argv).withInput(lines));
    }
}
