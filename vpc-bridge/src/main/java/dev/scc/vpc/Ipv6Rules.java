package dev.scc.vpc;

import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.Ipv6;
import dev.scc.host.Mac;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The lines of filters that are about IPv6 alone. Pure. Who is where in a VPC is known, so nobody asks and nobody answers over it:
 * neighbour solicitations (RFC 4861) of ENIs that are handed over are answered by the VXLAN device of their node, from its permanent
 * neighbours, and everything else of neighbour discovery, of multicast listeners (RFC 3810) and of DHCPv6 servers (RFC 8415) is
 * dropped where it is sent, and once more where it arrives. What kernels say by themselves of it (router solicitations, listener
 * reports) is dropped without a word. Addresses of the link (fe80::/10) ask, and reach nobody.
 */
final class Ipv6Rules {
    /** Types of ICMPv6: router solicitation and advertisement, neighbour solicitation and advertisement, redirect. */
    private static final String DISCOVERY = "{ 133, 134, 135, 136, 137 }";

    /** The same, and multicast listeners' query, report, done, and report of version 2. */
    private static final String OF_THE_LINK = "{ 130, 131, 132, 133, 134, 135, 136, 137, 143 }";

    /** What a kernel says by itself on an interface with an address. */
    private static final String CHATTER = "{ 131, 132, 133, 143 }";

    private static final String DHCP_SERVER = "meta protocol ip6 udp sport 547 udp dport 546";

    private Ipv6Rules() {}

    /**
     * What VXLAN packets may carry, beside IPv4. The frame begins 128 bits into UDP; its type stands 96 bits later, and with IPv6 the
     * next header 160 bits after the frame's begin, the source 176, and ICMPv6's type 432 (RFC 8200).
     *
     * @param match of VXLAN packets of the VPC
     * @param outer what nftables calls their sender's address
     */
    static String carried(String match, String outer, VpcNetwork vpc, List<VpcMember> members) {
        String bindings = members.stream()
                .sorted(Comparator.comparing(VpcMember::underlay).thenComparing(VpcMember::address))
                .flatMap(member -> member.addresses().sixes().stream()
                        .map(six -> vpc.place(member) + " . " + hex(member.mac())
                                + " . 0x%016x%016x".formatted(six.high(), six.low())))
                .collect(Collectors.joining(", "));
        return """
                    %1$s @th,224,16 0x86dd %4$s . @th,176,48 . @th,304,128 != { %2$s } goto drop_forged
                    %1$s @th,224,16 0x86dd @th,288,8 58 @th,560,8 %3$s goto drop_forged
                """.formatted(match, bindings, OF_THE_LINK, outer);
    }

    private static String hex(Mac mac) {
        return "0x" + mac.value().replace(":", "");
    }

    /** What comes in by an interface of the node's own. Extension headers may have hidden it so far. */
    static String arriving(String device) {
        return """
                    iifname "%1$s" icmpv6 type %2$s goto drop_forged
                    iifname "%1$s" %3$s goto drop_forged
                """.formatted(device, DISCOVERY, DHCP_SERVER);
    }

    /** That the VPC's addresses are reached through it alone. */
    static String outside(Cidr6 cidr) {
        return """
                    ip6 daddr %1$s goto drop_outside
                    ip6 saddr %1$s goto drop_outside
                """.formatted(cidr);
    }

    /** What goes out by an interface of the node's own. There is nobody but those whom the kernel knows to be solicited. */
    static String leaving(String device, Cidr6 cidr) {
        return """
                    oifname "%1$s" icmpv6 type { 131, 132, 133, 135, 143 } drop
                    oifname "%1$s" icmpv6 type { 130, 134, 136, 137 } goto drop_spoofed_out
                    oifname "%1$s" %2$s goto drop_spoofed_out
                    oifname "%1$s" meta protocol ip6 ip6 saddr != %3$s goto drop_spoofed_out
                """.formatted(device, DHCP_SERVER, cidr);
    }

    /** What an ENI that is handed over sends. */
    static String sent(List<Ipv6> own) {
        return """
                    ether type ip6 ip6 nexthdr icmpv6 icmpv6 type 135 icmpv6 code 0 ip6 saddr %1$s accept
                    ether type ip6 icmpv6 type %2$s drop
                    ether type ip6 ip6 saddr :: drop
                    ether type ip6 icmpv6 type %3$s goto drop_spoofed_out
                    ether type ip6 udp sport 547 udp dport 546 goto drop_spoofed_out
                    ether type ip6 ip6 saddr != %4$s goto drop_spoofed_out
                """.formatted(withLinkLocal(own), CHATTER, OF_THE_LINK, set(own));
    }

    /** What it gets: of neighbour discovery only its VXLAN device's own answers. */
    static String got(List<Ipv6> own) {
        return """
                    ether type ip6 ip6 nexthdr icmpv6 icmpv6 type 136 ip6 daddr %1$s accept
                    ether type ip6 icmpv6 type %2$s goto drop_spoofed_in
                    ether type ip6 udp sport 547 udp dport 546 goto drop_spoofed_in
                    ether type ip6 ip6 daddr != %3$s goto drop_spoofed_in
                """.formatted(withLinkLocal(own), OF_THE_LINK, set(own));
    }

    /** Where connections are not tracked: who has begun something. */
    static String memory() {
        return """
                set flows6 {
                    type inet_proto . ipv6_addr . inet_service . inet_service; flags dynamic,timeout; timeout 3m; size 65535;
                }
                set pings6 {
                    typeof ip6 saddr . icmpv6 id; flags dynamic,timeout; timeout 1m; size 65535;
                }
                """;
    }

    /** Remembers that something begins. */
    static String begun(String other, String ports) {
        return """
                    meta protocol ip6 meta l4proto { tcp, udp } update @flows6 { meta l4proto . ip6 %1$s . th %2$s }
                    icmpv6 type echo-request update @pings6 { ip6 %1$s . icmpv6 id }
                """.formatted(other, ports);
    }

    /** Lets answers through, errors of ICMPv6, and later fragments. */
    static String answers(String other, String ports) {
        return """
                    meta protocol ip6 meta l4proto . ip6 %1$s . th %2$s @flows6 update @flows6 { meta l4proto . ip6 %1$s . th %2$s } accept
                    icmpv6 type echo-reply ip6 %1$s . icmpv6 id @pings6 accept
                    icmpv6 type { 1, 2, 3, 4 } accept
                    frag frag-off != 0 accept
                """.formatted(other, ports);
    }

    /** Addresses as nftables has them. */
    static String set(List<? extends Ip> addresses) {
        return addresses.stream().map(Ip::toString).collect(Collectors.joining(", ", "{ ", " }"));
    }

    private static String withLinkLocal(List<Ipv6> own) {
        return own.stream().map(Ipv6::toString).collect(Collectors.joining(", ", "{ ", ", fe80::/10 }"));
    }
}
