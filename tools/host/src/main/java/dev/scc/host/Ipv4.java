package dev.scc.host;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** An IPv4 address, held as its 32 bits in network order. */
public record Ipv4(int bits) implements Ip {

    /**
     * Reads dotted decimal with exactly four parts, each 0 to 255 without leading zeros.
     *
     * @throws IllegalArgumentException if {@code text} is anything else
     */
    @JsonCreator
    public static Ipv4 parse(String text) {
        // By hand: a roster of many members holds three of them for each, and every agent reads it.
        int bits = 0;
        int parts = 0;
        int part = -1; // Before its first digit.
        for (int at = 0; at <= text.length(); at++) {
            char next = at < text.length() ? text.charAt(at) : '.';
            if (next == '.' && part >= 0) {
                bits = bits << 8 | part;
                parts++;
                part = -1;
            } else if (next >= '0' && next <= '9' && part != 0) {
                part = Math.max(part, 0) * 10 + next - '0';
            } else {
                throw notAnAddress(text);
            }
            if (part > 255 || parts > 4) {
                throw notAnAddress(text);
            }
        }
        if (parts != 4) {
            throw notAnAddress(text);
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
    public int length() {
        return 32;
    }

    @Override
    public int compareTo(Ip other) {
        return other instanceof Ipv4 same ? Integer.compareUnsigned(bits, same.bits) : -1;
    }

    @JsonValue
    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 255) + "." + (bits >>> 8 & 255) + "." + (bits & 255);
    }
}
