package dev.scc.vpc;

import dev.scc.host.Cidr6;
import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.TunnelKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one end that a node has of tunnels to all nodes with which it shares an encrypted VPC. What such a VPC sends from node to node goes
 * through these, between addresses that are nowhere else. Pure.
 */
public final class Tunnel {
    /** Name of the interface. */
    public static final String DEVICE = "scctun0";

    /** Of UDP: above those that kernels give out by themselves, and none that IANA has given away. */
    public static final int PORT = 61_820;

    /** What a tunnel adds to a packet: IPv4 20, UDP 8, WireGuard's header 16 and tag 16, in bytes. */
    public static final int OVERHEAD = 60;

    /** Networks of IPv6 that a site has chosen at random are nobody else's (RFC 4193). Nothing of this one leaves a tunnel. */
    static final Cidr6 ADDRESSES = Cidr6.parse("fd5c:c791:4e0a::/96");

    private static final String TABLE = "scc_" + DEVICE;

    /**
     * Nothing but VXLAN comes out of a tunnel, and nothing goes through the node from one place to another by it. VXLAN in fragments
     * of IPv6 comes from nowhere else either: they pass this hook before they are put together, and rules that look into VXLAN's header
     * would miss it.
     */
    private static final String SHIELD = """
            chain input {
                type filter hook input priority 0; policy accept;
                iifname != "%1$s" exthdr frag exists udp dport %2$d drop
                iifname "%1$s" udp dport %2$d accept
                iifname "%1$s" drop
                iifname != "lo" ip6 daddr %3$s drop
            }
            chain forward {
                type filter hook forward priority 0; policy accept;
                iifname "%1$s" drop
                oifname "%1$s" drop
            }
            """.formatted(DEVICE, VpcPlanner.PORT, ADDRESSES);

    private Tunnel() {}

    /** A node's address in its tunnels, which follows from that on the underlay. */
    static Ipv6 address(Ipv4 underlay) {
        return ADDRESSES.base().plus(Integer.toUnsignedLong(underlay.bits()));
    }

    /**
     * All that a node has to have for its tunnels.
     *
     * @param owner the mark on the interface
     * @param own the node's key
     * @param underlay the node's address there
     * @param underlayMtu in bytes
     * @param peers keys of the other nodes by their addresses on the underlay
     */
    public static List<NetObject> wanted(
            String owner, TunnelKey own, Ipv4 underlay, int underlayMtu, Map<Ipv4, TunnelKey> peers) {
        List<NetObject> objects = new ArrayList<>();
        objects.add(new NetObject.Link(DEVICE, owner, new LinkKind.Tunnel(), underlayMtu - OVERHEAD, Optional.empty()));
        objects.add(new NetObject.NftTable(TABLE, SHIELD));
        objects.add(new NetObject.TunnelEnd(DEVICE, own, PORT));
        objects.add(new NetObject.Address(DEVICE, address(underlay), ADDRESSES.prefix()));
        peers.forEach((endpoint, key) ->
                objects.add(new NetObject.TunnelPeer(DEVICE, key, address(endpoint), endpoint, PORT)));
        return objects;
    }
}
