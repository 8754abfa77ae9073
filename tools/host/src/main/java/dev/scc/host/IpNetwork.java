package dev.scc.host;

import com.fasterxml.jackson.annotation.JsonCreator;

/** A network of IPv4 or IPv6. */
public sealed interface IpNetwork permits Cidr, Cidr6 {

    /**
     * Reads either of both.
     *
     * @throws IllegalArgumentException if {@code text} is neither
     */
    @JsonCreator
    static IpNetwork parse(String text) {
        return text.indexOf(':') < 0 ? Cidr.parse(text) : Cidr6.parse(text);
    }

    /** The network of one address. */
    static IpNetwork of(Ip address) {
        return switch (address) {
            case Ipv4 four -> new Cidr(four, four.length());
            case Ipv6 six -> new Cidr6(six, six.length());
        };
    }

    /** The first of its addresses. */
    Ip base();

    /** How many bits its addresses have in common. */
    int prefix();

    /** Whether it has that address; never one of the other version of IP. */
    boolean contains(Ip address);

    /** Whether there is an address that both have. */
    default boolean overlaps(IpNetwork other) {
        return contains(other.base()) || other.contains(base());
    }
}
