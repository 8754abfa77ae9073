package dev.scc.host;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** An IPv6 network such as {@code fd00:1::/64}: a base whose host bits are zero and a prefix of 0 to 128 bits. */
public record Cidr6(Ipv6 base, int prefix) implements IpNetwork {
    private static final int LENGTH = 128;
    private static final int HALF = 64;

    public Cidr6 {
        if (prefix < 0 || prefix > LENGTH) {
            throw new IllegalArgumentException("CIDR prefix /" + prefix + " is not within 0 to 128");
        }
        Ipv6 first = masked(base, prefix);
        if (!first.equals(base)) {
            throw new IllegalArgumentException(
                    "CIDR " + base + "/" + prefix + " has host bits set; did you mean " + first + "/" + prefix + "?");
        }
    }

    /**
     * Reads {@code ADDRESS/PREFIX}.
     *
     * @throws IllegalArgumentException if the text is not that, or host bits are set
     */
    @JsonCreator
    public static Cidr6 parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not an IPv6 CIDR such as fd00:1::/64");
        }
        return new Cidr6(Ipv6.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** The network of that prefix which an address is in. */
    public static Cidr6 of(Ipv6 address, int prefix) {
        return new Cidr6(masked(address, prefix), prefix);
    }

    private static Ipv6 masked(Ipv6 address, int prefix) {
        return new Ipv6(address.high() & mask(prefix), address.low() & mask(prefix - HALF));
    }

    /** Of a half, its first bits; none if there are fewer than one of them. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : -1L << Math.max(0, HALF - bits);
    }

    @Override
    public boolean contains(Ip address) {
        return address instanceof Ipv6 six && masked(six, prefix).equals(base);
    }

    /**
     * The host address with this number: 0 is the network's own, of its routers (RFC 4291, section 2.6.1).
     *
     * @param number 1 or more
     * @throws IllegalArgumentException if the network has no such address
     */
    public Ipv6 host(long number) {
        Ipv6 host = base.plus(number);
        if (number < 1 || !contains(host)) {
            throw new IllegalArgumentException("host number " + number + " is not one of " + this);
        }
        return host;
    }

    @JsonValue
    @Override
    public String toString() {
        return base + "/" + prefix;
    }
}
