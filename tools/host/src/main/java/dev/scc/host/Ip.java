package dev.scc.host;

import com.fasterxml.jackson.annotation.JsonCreator;

/** An address of IPv4 or IPv6. Those of IPv4 come first in their order. */
public sealed interface Ip extends Comparable<Ip> permits Ipv4, Ipv6 {

    /**
     * Reads either of both.
     *
     * @throws IllegalArgumentException if {@code text} is neither
     */
    @JsonCreator
    static Ip parse(String text) {
        return text.indexOf(':') < 0 ? Ipv4.parse(text) : Ipv6.parse(text);
    }

    /** How many bits it has: 32 or 128. */
    int length();

    /** Whether the other is of the same version of IP. */
    default boolean like(Ip other) {
        return length() == other.length();
    }
}
