package dev.scc.host;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** An IPv4 network such as {@code 10.70.0.0/24}: a base whose host bits are zero and a prefix of 0 to 32 bits. */
public record Cidr(Ipv4 base, int prefix) implements IpNetwork {
    public Cidr {
        if (prefix < 0 || prefix > 32) {
            throw new IllegalArgumentException("CIDR prefix /" + prefix + " is not within 0 to 32");
        }
        if ((base.bits() & ~mask(prefix)) != 0) {
            throw new IllegalArgumentException("CIDR " + base + "/" + prefix + " has host bits set; did you mean "
                    + new Ipv4(base.bits() & mask(prefix)) + "/" + prefix + "?");
        }
    }

    /**
     * Reads {@code ADDRESS/PREFIX}.
     *
     * @throws IllegalArgumentException if the text is not that, or host bits are set
     */
    @JsonCreator
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,2}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not a CIDR such as 10.70.0.0/24");
        }
        return new Cidr(Ipv4.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    private static int mask(int prefix) {
        return prefix == 0 ? 0 : -1 << (32 - prefix);
    }

    @Override
    public boolean contains(Ip address) {
        return address instanceof Ipv4 four && (four.bits() & mask(prefix)) == base.bits();
    }

    /** How many addresses a host can have: all but the network's own and the broadcast address; 0 for /31 and /32. */
    public long hosts() {
        return Math.max(0, (1L << (32 - prefix)) - 2);
    }

    /** The host address with this number, 1 to {@link #hosts()}. */
    public Ipv4 host(int number) {
        if (number < 1 || number > hosts()) {
            throw new IllegalArgumentException(
                    "host number " + number + " is not within 1 to " + hosts() + " of " + this);
        }
        return base.plus(number);
    }

    @JsonValue
    @Override
    public String toString() {
        return base + "/" + prefix;
    }
}
