package dev.scc.vpc;

import dev.scc.host.net.NetObject.NftTable;
import dev.scc.vpc.GroupRule.Direction;
import java.util.Optional;

/**
 * What an ENI that is in somebody's network namespace may send and get. Pure. It is enforced on our end of its cable: whoever is
 * root where the ENI is can change its addresses and remove what he likes there, and gets no further.
 *
 * <p>There the kernel tracks no connections, so the table remembers who has begun something: by protocol, the other's address and
 * both ports, for as long as packets pass. Errors of ICMP pass, and so do later fragments, which are nothing without the first.
 *
 * @param device name of our end of its cable
 * @param overlay name of the VXLAN device, by which its frames go and come
 * @param addresses that it has
 * @param groups what its security groups allow; empty if it is in none: then everything that is its own passes
 */
public record HandedFilter(String device, String overlay, EniAddresses addresses, Optional<EniFilter> groups) {

    /** Name of the table of an ENI with that end. */
    public static String tableOf(String device) {
        return NftTable.nameOn(device);
    }

    /** The table of nftables that enforces it, and passes what is left to the VXLAN device, and from there. */
    public NftTable table() {
        String out = groups.map(filter -> rules(
                        "daddr", "sport . th dport", DropCause.OUT, filter.lines(Direction.OUT, "goto begun_out")))
                .orElse("");
        String in = groups.map(filter ->
                        rules("saddr", "dport . th sport", DropCause.IN, filter.lines(Direction.IN, "goto begun_in")))
                .orElse("");
        String fours = Ipv6Rules.set(addresses.fours());
        return new NftTable(
                tableOf(device),
                DropCause.chains(six(), DropCause.SPOOFED_OUT, DropCause.SPOOFED_IN)
                        + groups.map(filter -> filter.counters()
                                        + DropCause.chains(six(), DropCause.IN, DropCause.OUT)
                                        + memory())
                                .orElse("")
                        + """
                chain out {
                    type filter hook ingress device "%1$s" priority 0; policy accept;
                    ether saddr != %2$s goto drop_spoofed_out
                    ether type arp arp saddr ip %3$s accept
                %7$s    ether type != %9$s goto drop_spoofed_out
                    ether type ip ip saddr != %3$s goto drop_spoofed_out
                %4$s}
                chain away {
                    type filter hook ingress device "%1$s" priority 1; policy accept;
                    fwd to "%6$s"
                }
                chain arrived {
                    type filter hook ingress device "%6$s" priority 0; policy accept;
                    ether daddr %2$s fwd to "%1$s"
                }
                chain in {
                    type filter hook egress device "%1$s" priority 0; policy accept;
                    ether type arp accept
                %8$s    ether type != %9$s goto drop_spoofed_in
                    ether type ip ip daddr != %3$s goto drop_spoofed_in
                %5$s}
                """.formatted(
                                        device,
                                        addresses.mac(),
                                        fours,
                                        out,
                                        in,
                                        overlay,
                                        six() ? Ipv6Rules.sent(addresses.sixes()) : "",
                                        six() ? Ipv6Rules.got(addresses.sixes()) : "",
                                        six() ? "{ ip, ip6 }" : "ip"));
    }

    private boolean six() {
        return !addresses.sixes().isEmpty();
    }

    private String memory() {
        return """
                set flows {
                    type inet_proto . ipv4_addr . inet_service . inet_service; flags dynamic,timeout; timeout 3m; size 65535;
                }
                set pings {
                    typeof ip saddr . icmp id; flags dynamic,timeout; timeout 1m; size 65535;
                }
                """
                + (six() ? Ipv6Rules.memory() : "")
                + begun("out", "daddr", "sport . th dport")
                + begun("in", "saddr", "dport . th sport");
    }

    /** Answers to what begins here are let through. */
    private String begun(String way, String other, String ports) {
        return """
                chain begun_%1$s {
                    ip protocol { tcp, udp } update @flows { ip protocol . ip %2$s . th %3$s }
                    icmp type echo-request update @pings { ip %2$s . icmp id }
                %4$s    accept
                }
                """.formatted(way, other, ports, six() ? Ipv6Rules.begun(other, ports) : "");
    }

    private String rules(String other, String ports, DropCause otherwise, String lines) {
        return """
                    ip protocol . ip %1$s . th %2$s @flows update @flows { ip protocol . ip %1$s . th %2$s } accept
                    icmp type echo-reply ip %1$s . icmp id @pings accept
                    icmp type { destination-unreachable, time-exceeded, parameter-problem } accept
                    ip frag-off & 0x1fff != 0 accept
                %5$s%3$s    goto %4$s
                """.formatted(other, ports, lines, otherwise.chain(), six() ? Ipv6Rules.answers(other, ports) : "");
    }
}
