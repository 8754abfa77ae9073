package dev.scc.vpc;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.Later;
import java.util.Optional;

/**
 * A VPC: its name, the overlay that carries it, and its addresses.
 *
 * @param mtu in bytes, one for all members: what the smallest underlay carries; empty if each takes what its own does
 * @param cidr6 its addresses of IPv6; empty if it has none
 * @param encrypted whether its packets pass the underlay in tunnels
 */
public record VpcNetwork(
        String name,
        Vni vni,
        Cidr cidr,
        @Later Optional<Integer> mtu,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) @Later Optional<Cidr6> cidr6,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) @Later boolean encrypted) {

    /** One that is not encrypted. */
    public VpcNetwork(String name, Vni vni, Cidr cidr, Optional<Integer> mtu, Optional<Cidr6> cidr6) {
        this(name, vni, cidr, mtu, cidr6, false);
    }

    /** One without IPv6. */
    public VpcNetwork(String name, Vni vni, Cidr cidr, Optional<Integer> mtu) {
        this(name, vni, cidr, mtu, Optional.empty());
    }

    /** One without IPv6, whose members take what their underlays carry. */
    public static VpcNetwork of(String name, Vni vni, Cidr cidr) {
        return new VpcNetwork(name, vni, cidr, Optional.empty());
    }

    /**
     * The prefix of an address of it, as its interface has it.
     *
     * @throws IllegalArgumentException if the VPC has no IPv6, and the address is one of it
     */
    public int prefixOf(Ip address) {
        return switch (address) {
            case Ipv4 _ -> cidr.prefix();
            case Ipv6 six ->
                cidr6.map(Cidr6::prefix)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "VPC " + name + " has no IPv6, and " + six + " is an address of it"));
        };
    }

    /** Whether an ENI can have that address: one of the VPC, neither the network's own nor that of broadcasts. */
    public boolean hosts(Ip address) {
        return switch (address) {
            case Ipv4 four ->
                cidr.contains(four)
                        && !four.equals(cidr.base())
                        && !four.equals(cidr.base().plus((int) cidr.hosts() + 1));
            case Ipv6 six ->
                cidr6.filter(network -> network.contains(six) && !six.equals(network.base()))
                        .isPresent();
        };
    }

    /** The address of IPv6 that goes with one of IPv4: that of the same number; empty if the VPC has no IPv6. */
    public Optional<Ipv6> ipv6Of(Ipv4 address) {
        return cidr6.map(six -> six.host(Integer.toUnsignedLong(address.bits())
                - Integer.toUnsignedLong(cidr.base().bits())));
    }

    /** The host address of IPv4 that an address of IPv6 goes with; empty if it has a number beyond those. */
    public Optional<Ipv4> ipv4Of(Ipv6 address) {
        return cidr6.filter(six -> six.contains(address)
                        && address.high() == six.base().high()
                        && Long.compareUnsigned(address.low() - six.base().low(), cidr.hosts()) <= 0
                        && !address.equals(six.base()))
                .map(six -> cidr.host((int) (address.low() - six.base().low())));
    }

    /** What of an underlay packet is not left for a packet of the VPC, in bytes. */
    public int overhead() {
        return VpcPlanner.overhead(encrypted);
    }

    /** Where a member's VXLAN packets go: to its node on the underlay, or in a tunnel. */
    Ip place(VpcMember member) {
        return encrypted ? Tunnel.address(member.underlay()) : member.underlay();
    }

    /** Such as {@code 172.20.0.0/16 and fd00:1::/64}. */
    public String networks() {
        return cidr + cidr6.map(six -> " and " + six).orElse("");
    }
}
