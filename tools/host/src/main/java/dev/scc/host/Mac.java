package dev.scc.host;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** An Ethernet address in the kernel's notation: six lower-case hexadecimal pairs with colons. */
public record Mac(@JsonValue String value) {
    private static final Pattern NOTATION = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");

    @JsonCreator
    public Mac {
        if (!NOTATION.matcher(value).matches()) {
            throw new IllegalArgumentException("\"" + value + "\" is not an Ethernet address");
        }
    }

    /**
     * The locally administered unicast address {@code 02:5c} followed by the four bytes of {@code address}: any node can
     * work out any member's address from the roster alone.
     */
    public static Mac of(Ipv4 address) {
        int bits = address.bits();
        return new Mac(
                "02:5c:%02x:%02x:%02x:%02x".formatted(bits >>> 24, bits >>> 16 & 255, bits >>> 8 & 255, bits & 255));
    }

    @Override
    public String toString() {
        return value;
    }
}
