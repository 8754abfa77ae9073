package dev.scc.host.net;

import dev.scc.host.Ipv4;

/** What sort of interface a link is, with what only that sort has. */
public sealed interface LinkKind {
    /** An 802.1Q sub-interface. {@code id} is 1 to 4094. */
    record Vlan(String parent, int id) implements LinkKind {}

    /** A VXLAN endpoint without learning or flooding. {@code vni} is 1 to 2^24-1, {@code port} a UDP port. */
    record Vxlan(int vni, String underlay, Ipv4 local, int port) implements LinkKind {}

    /** A second Ethernet address on a parent, in bridge mode. */
    record Macvlan(String parent) implements LinkKind {}
}
