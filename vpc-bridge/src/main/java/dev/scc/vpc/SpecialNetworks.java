package dev.scc.vpc;

import dev.scc.host.Cidr;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Networks whose addresses no host can have, or that mean something to every host: hosts do not send to them, or do not take
 * what comes from them (IANA's registry of special-purpose addresses, RFC 6890).
 */
public final class SpecialNetworks {
    private static final Map<Cidr, String> ALL = new LinkedHashMap<>();

    static {
        ALL.put(Cidr.parse("0.0.0.0/8"), "of this very network (RFC 1122)");
        ALL.put(Cidr.parse("127.0.0.0/8"), "of the loopback interface (RFC 1122)");
        ALL.put(Cidr.parse("169.254.0.0/16"), "of single links (RFC 3927)");
        ALL.put(Cidr.parse("192.0.0.0/24"), "of protocols (RFC 6890)");
        ALL.put(Cidr.parse("192.88.99.0/24"), "of relays to IPv6 (RFC 7526)");
        ALL.put(Cidr.parse("224.0.0.0/4"), "of multicast groups (RFC 5771)");
        ALL.put(Cidr.parse("240.0.0.0/4"), "reserved, and of broadcasts (RFC 1112, RFC 919)");
    }

    private SpecialNetworks() {}

    /** Why hosts cannot have addresses of the network; empty if they can. */
    public static Optional<String> obstacle(Cidr cidr) {
        return ALL.entrySet().stream()
                .filter(special -> special.getKey().overlaps(cidr))
                .findFirst()
                .map(special -> "cannot work: the addresses of " + special.getKey() + " are " + special.getValue());
    }
}
