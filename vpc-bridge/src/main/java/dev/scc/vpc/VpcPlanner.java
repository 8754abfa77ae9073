package dev.scc.vpc;

import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.net.NetState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Works out a node's part of a VPC from the VPC's members alone: a VXLAN device without learning or flooding, the node's
 * ENI on it, where each other member's frames go, and a shield around the VPC's addresses.
 */
public final class VpcPlanner {
    /** What VXLAN adds to a packet: outer Ethernet 14, IPv4 20, UDP 8, VXLAN 8 (RFC 7348), in bytes. */
    public static final int OVERHEAD = 50;

    /** What VXLAN adds to a packet in a tunnel, whose addresses are of IPv6: 20 more. In bytes. */
    private static final int OVERHEAD_IN_TUNNEL = OVERHEAD + 20;

    /** The UDP port that IANA gave to VXLAN. */
    public static final int PORT = 4789;

    private static final int ORDINARY_MTU = 1500;

    private VpcPlanner() {}

    /** What of an underlay packet is not left for a packet of a VPC, in bytes. */
    public static int overhead(boolean encrypted) {
        return encrypted ? Tunnel.OVERHEAD + OVERHEAD_IN_TUNNEL : OVERHEAD;
    }

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
     * IPv4, or IPv6 of a VPC that has it, with its own addresses: the frame begins 128 bits into UDP with 48 of its destination, 48 of its source and 16 of its
     * type; the source of the packet in it comes 96 bits later (RFC 7348, RFC 791). Those of an encrypted VPC come out of a tunnel, which
     * binds their sender's address to its key, or not at all. What a member's own programs send from another
     * address does not leave it: the same rules serve all members, so "its own" is said as "local, and of this VPC". What ENIs
     * in others' namespaces send never comes as far as this, unless somebody has taken away the rules on their cables.
     */
    static String shield(VpcNetwork vpc, List<VpcMember> members, String eni, List<String> cables) {
        String outer = vpc.encrypted() ? "ip6 saddr" : "ip saddr";
        String senders = members.stream()
                .map(vpc::place)
                .distinct()
                .sorted()
                .map(Ip::toString)
                .collect(Collectors.joining(", "));
        String bindings = members.stream()
                .sorted(Comparator.comparing(VpcMember::underlay).thenComparing(VpcMember::address))
                .flatMap(member -> bindings(vpc.place(member), member))
                .collect(Collectors.joining(", "));
        Optional<Cidr6> six = vpc.cidr6()
                .filter(_ -> members.stream()
                        .anyMatch(member -> !member.addresses().sixes().isEmpty()));
        String carrying = "udp dport %d @th,96,24 %d".formatted(PORT, vpc.vni().value());
        String stray = cables.isEmpty()
                ? ""
                : "iifname { "
                        + cables.stream().sorted().map(name -> '"' + name + '"').collect(Collectors.joining(", "))
                        + " } goto drop_outside\n    ";
        return DropCause.chains(six.isPresent(), DropCause.FORGED, DropCause.OUTSIDE, DropCause.SPOOFED_OUT)
                + """
                chain input {
                    type filter hook input priority 0; policy accept;
                %12$s    %1$s %11$s != { %2$s } goto drop_forged
                    %1$s @th,224,16 != %7$s goto drop_forged
                    %1$s @th,224,16 0x0800 %11$s . @th,176,48 . @th,336,32 != { %5$s } goto drop_forged
                %8$s    %6$siifname { "lo", "%3$s" } accept
                    ip daddr %4$s goto drop_outside
                    ip saddr %4$s goto drop_outside
                %9$s}
                chain forward {
                    type filter hook forward priority 0; policy accept;
                    %6$siifname "%3$s" goto drop_outside
                    oifname "%3$s" goto drop_outside
                }
                chain output {
                    type filter hook output priority 0; policy accept;
                %10$s    oifname "%3$s" ip saddr != %4$s goto drop_spoofed_out
                    oifname "%3$s" fib saddr type != local goto drop_spoofed_out
                }
                """.formatted(
                        carrying,
                        senders,
                        eni,
                        vpc.cidr(),
                        bindings,
                        stray,
                        six.isPresent() ? "{ 0x0800, 0x86dd }" : "0x0800",
                        six.isPresent()
                                ? Ipv6Rules.carried(carrying, outer, vpc, members) + Ipv6Rules.arriving(eni)
                                : "",
                        six.map(Ipv6Rules::outside).orElse(""),
                        six.map(cidr -> Ipv6Rules.leaving(eni, cidr))
                                .orElse("    oifname \"" + eni + "\" meta nfproto != ipv4 goto drop_spoofed_out\n"),
                        outer,
                        vpc.encrypted()
                                ? "    " + carrying + " iifname != \"" + Tunnel.DEVICE + "\" goto drop_forged\n"
                                : "");
    }

    /** What a member's frames of IPv4 come from. */
    private static Stream<String> bindings(Ip place, VpcMember member) {
        String sender = place + " . 0x" + member.mac().value().replace(":", "") + " . 0x";
        return member.addresses().fours().stream().map(four -> sender + "%08x".formatted(four.bits()));
    }

    static void check(VpcNetwork vpc, List<VpcMember> members) {
        if (members.size() > vpc.cidr().hosts()) {
            throw new IllegalArgumentException(vpc.cidr() + " of VPC " + vpc.name() + " is too small: it has "
                    + vpc.cidr().hosts() + " host addresses, and " + members.size() + " are needed");
        }
        Set<Ip> seen = new HashSet<>();
        Map<Ipv4, NodeName> underlays = new HashMap<>();
        for (VpcMember member : members) {
            String who = "member " + member.node() + " of VPC " + vpc.name();
            for (Ip address : member.addresses().all()) {
                if (!vpc.hosts(address)) {
                    throw new IllegalArgumentException(
                            who + " has address " + address + ", which is not a host address of " + vpc.networks());
                }
            }
            if (vpc.cidr().contains(member.underlay())) {
                throw new IllegalArgumentException(who + " has underlay address " + member.underlay()
                        + ", which is inside the VPC's own " + vpc.cidr() + "; choose another CIDR for the VPC");
            }
            NodeName there = underlays.putIfAbsent(member.underlay(), member.node());
            if (!member.addresses().all().stream().allMatch(seen::add)
                    || (there != null && !there.equals(member.node()))) {
                throw new IllegalArgumentException(
                        who + " shares its address, or its underlay address with another node's member");
            }
        }
    }
}
