package dev.scc.vpc;

import dev.scc.host.Ipv4;
import dev.scc.host.Mac;
import dev.scc.host.NodeName;
import dev.scc.host.net.NetState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Works out a node's part of a VPC from the VPC's members alone: a VXLAN device without learning or flooding, the node's
 * ENI on it, where each other member's frames go, and a shield around the VPC's addresses.
 */
public final class VpcPlanner {
    /** What VXLAN adds to a packet: outer Ethernet 14, IPv4 20, UDP 8, VXLAN 8 (RFC 7348), in bytes. */
    public static final int OVERHEAD = 50;

    /** The UDP port that IANA gave to VXLAN. */
    public static final int PORT = 4789;

    private static final int ORDINARY_MTU = 1500;

    private VpcPlanner() {}

    /** The same as the longer form, on an underlay with the ordinary MTU of 1500 bytes. */
    public static NetState wanted(
            String owner, VpcNetwork vpc, List<VpcMember> members, NodeName self, String underlayNetdev) {
        return wanted(owner, vpc, members, self, underlayNetdev, ORDINARY_MTU);
    }

    /**
     * All that {@code self} has to have for this VPC.
     *
     * @param owner the cluster's name; the mark on the links
     * @param underlayNetdev the interface that carries the VXLAN packets
     * @param underlayMtu its MTU in bytes
     * @throws IllegalArgumentException if {@code self} is no member, members contradict each other, an address is not a
     *     host address of the VPC, or an underlay address is inside the VPC
     */
    public static NetState wanted(
            String owner,
            VpcNetwork vpc,
            List<VpcMember> members,
            NodeName self,
            String underlayNetdev,
            int underlayMtu) {
        return VpcPlan.of(owner, vpc, members).wanted(self, underlayNetdev, underlayMtu);
    }

    /**
     * Linux takes a packet to any of its addresses on any interface (the weak host model, RFC 1122 section 3.3.4.2), so a
     * neighbour on the underlay with a route of its own would get into the VPC. And it takes VXLAN packets from any
     * sender: of this VNI (24 bits after the UDP header's 64 and 32 of VXLAN's), only members may send, and each of them only
     * IPv4 with its own addresses: the frame begins 128 bits into UDP with 48 of its destination, 48 of its source and 16 of its
     * type; the source of the packet in it comes 96 bits later (RFC 7348, RFC 791). What a member's own programs send from another
     * address does not leave it: the same rules serve all members, so "its own" is said as "local, and of this VPC". What ENIs
     * in others' namespaces send never comes as far as this, unless somebody has taken away the rules on their cables.
     */
    static String shield(VpcNetwork vpc, List<VpcMember> members, String eni, List<String> cables) {
        String senders = members.stream()
                .map(VpcMember::underlay)
                .distinct()
                .sorted()
                .map(Ipv4::toString)
                .collect(Collectors.joining(", "));
        String bindings = members.stream()
                .sorted(Comparator.comparing(VpcMember::underlay).thenComparing(VpcMember::address))
                .map(VpcPlanner::binding)
                .collect(Collectors.joining(", "));
        String stray = cables.isEmpty()
                ? ""
                : "iifname { "
                        + cables.stream().sorted().map(name -> '"' + name + '"').collect(Collectors.joining(", "))
                        + " } goto drop_outside\n    ";
        return DropCause.chains(DropCause.FORGED, DropCause.OUTSIDE, DropCause.SPOOFED_OUT)
                + """
                chain input {
                    type filter hook input priority 0; policy accept;
                    udp dport %1$d @th,96,24 %2$d ip saddr != { %3$s } goto drop_forged
                    udp dport %1$d @th,96,24 %2$d @th,224,16 != 0x0800 goto drop_forged
                    udp dport %1$d @th,96,24 %2$d ip saddr . @th,176,48 . @th,336,32 != { %6$s } goto drop_forged
                    %7$siifname { "lo", "%4$s" } accept
                    ip daddr %5$s goto drop_outside
                    ip saddr %5$s goto drop_outside
                }
                chain forward {
                    type filter hook forward priority 0; policy accept;
                    %7$siifname "%4$s" goto drop_outside
                    oifname "%4$s" goto drop_outside
                }
                chain output {
                    type filter hook output priority 0; policy accept;
                    oifname "%4$s" meta nfproto != ipv4 goto drop_spoofed_out
                    oifname "%4$s" ip saddr != %5$s goto drop_spoofed_out
                    oifname "%4$s" fib saddr type != local goto drop_spoofed_out
                }
                """.formatted(PORT, vpc.vni().value(), senders, eni, vpc.cidr(), bindings, stray);
    }

    /** What a member's frames come from. */
    private static String binding(VpcMember member) {
        return member.underlay() + " . 0x" + Mac.of(member.address()).value().replace(":", "") + " . 0x"
                + "%08x".formatted(member.address().bits());
    }

    static void check(VpcNetwork vpc, List<VpcMember> members) {
        if (members.size() > vpc.cidr().hosts()) {
            throw new IllegalArgumentException(vpc.cidr() + " of VPC " + vpc.name() + " is too small: it has "
                    + vpc.cidr().hosts() + " host addresses, and " + members.size() + " are needed");
        }
        Ipv4 broadcast = vpc.cidr().base().plus((int) vpc.cidr().hosts() + 1);
        Set<Ipv4> seen = new HashSet<>();
        Map<Ipv4, NodeName> underlays = new HashMap<>();
        for (VpcMember member : members) {
            String who = "member " + member.node() + " of VPC " + vpc.name();
            if (!vpc.cidr().contains(member.address())
                    || member.address().equals(vpc.cidr().base())
                    || member.address().equals(broadcast)) {
                throw new IllegalArgumentException(
                        who + " has address " + member.address() + ", which is not a host address of " + vpc.cidr());
            }
            if (vpc.cidr().contains(member.underlay())) {
                throw new IllegalArgumentException(who + " has underlay address " + member.underlay()
                        + ", which is inside the VPC's own " + vpc.cidr() + "; choose another CIDR for the VPC");
            }
            NodeName there = underlays.putIfAbsent(member.underlay(), member.node());
            if (!seen.add(member.address()) || (there != null && !there.equals(member.node()))) {
                throw new IllegalArgumentException(
                        who + " shares its address, or its underlay address with another node's member");
            }
        }
    }
}
