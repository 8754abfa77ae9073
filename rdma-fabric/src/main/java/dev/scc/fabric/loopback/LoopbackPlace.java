package dev.scc.fabric.loopback;

import dev.scc.host.Ipv4;
import java.util.List;

/**
 * Where a device talks to itself.
 *
 * @param device the RDMA device
 * @param netdev the Ethernet interface under it
 * @param addresses of that interface, IPv4; none of one that has only its link-local address
 */
public record LoopbackPlace(String device, String netdev, List<Ipv4> addresses) {
    public LoopbackPlace {
        addresses = List.copyOf(addresses);
    }
}
