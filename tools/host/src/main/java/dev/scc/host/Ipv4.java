package dev.scc.host;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** An IPv4 address, held as its 32 bits in network order. */
public record Ipv4(int bits) implements Comparable<Ipv4> {

    /**
     * Reads dotted decimal with exactly four parts, each 0 to 255 without leading zeros.
     *
     * @throws IllegalArgumentException if {@code text} is anything else
     */
    @JsonCreator
    public static Ipv4 parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw notAnAddress(text);
        }
        int bits = 0;
        for (String part : parts) {
            if (!part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) {
                throw notAnAddress(text);
            }
            bits = bits << 8 | Integer.parseInt(part);
        }
        return new Ipv4(bits);
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("\"" + text + "\" is not an IPv4 address");
    }

    /** The address {@code count} after this one; wraps around at 255.255.255.255. */
    public Ipv4 plus(int count) {
        return new Ipv4(bits + count);
    }

    @Override
    public int compareTo(Ipv4 other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @JsonValue
    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }
}
