package dev.scc.vpc;

import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.IpNetwork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Networks whose addresses no host can have, or that mean something to every host: hosts do not send to them, or do not take
 * what comes from them (IANA's registries of special-purpose addresses, RFC 6890).
 */
public final class SpecialNetworks {
    private static final Map<IpNetwork, String> ALL = new LinkedHashMap<>();

    /** Unicast that hosts can have: global, and unique local. */
    private static final List<Cidr6> USABLE = List.of(Cidr6.parse("2000::/3"), Cidr6.parse("fc00::/7"));

    static {
        ALL.put(Cidr.parse("0.0.0.0/8"), "of this very network (RFC 1122)");
        ALL.put(Cidr.parse("127.0.0.0/8"), "of the loopback interface (RFC 1122)");
        ALL.put(Cidr.parse("169.254.0.0/16"), "of single links (RFC 3927)");
        ALL.put(Cidr.parse("192.0.0.0/24"), "of protocols (RFC 6890)");
        ALL.put(Cidr.parse("192.88.99.0/24"), "of relays to IPv6 (RFC 7526)");
        ALL.put(Cidr.parse("224.0.0.0/4"), "of multicast groups (RFC 5771)");
        ALL.put(Cidr.parse("240.0.0.0/4"), "reserved, and of broadcasts (RFC 1112, RFC 919)");
        ALL.put(Cidr6.parse("::1/128"), "of the loopback interface (RFC 4291)");
        ALL.put(Cidr6.parse("::/128"), "of nobody yet (RFC 4291)");
        ALL.put(Cidr6.parse("::ffff:0:0/96"), "IPv4's own, mapped (RFC 4291)");
        ALL.put(Cidr6.parse("64:ff9b::/96"), "IPv4's own, translated (RFC 6052)");
        ALL.put(Cidr6.parse("64:ff9b:1::/48"), "IPv4's own, translated (RFC 8215)");
        ALL.put(Cidr6.parse("100::/64"), "for what is to be discarded (RFC 6666)");
        ALL.put(Cidr6.parse("2001::/23"), "of protocols (RFC 2928)");
        ALL.put(Cidr6.parse("2001:db8::/32"), "for documentation (RFC 3849)");
        ALL.put(Cidr6.parse("3fff::/20"), "for documentation (RFC 9637)");
        ALL.put(Cidr6.parse("2002::/16"), "of relays to IPv4 (RFC 3056)");
        ALL.put(Cidr6.parse("5f00::/16"), "of segments of routes (RFC 9602)");
        ALL.put(Tunnel.ADDRESSES, "of the tunnels of encrypted VPCs");
        ALL.put(Cidr6.parse("fe80::/10"), "of single links (RFC 4291)");
        ALL.put(Cidr6.parse("fec0::/10"), "of sites, and withdrawn (RFC 3879)");
        ALL.put(Cidr6.parse("ff00::/8"), "of multicast groups (RFC 4291)");
    }

    private SpecialNetworks() {}

    /** Why hosts cannot have addresses of the network; empty if they can. */
    public static Optional<String> obstacle(IpNetwork network) {
        return ALL.entrySet().stream()
                .filter(special -> special.getKey().overlaps(network))
                .findFirst()
                .map(special -> "cannot work: the addresses of " + special.getKey() + " are " + special.getValue())
                .or(() -> unassigned(network));
    }

    private static Optional<String> unassigned(IpNetwork network) {
        boolean outside = network instanceof Cidr6 six
                && USABLE.stream().noneMatch(usable -> usable.contains(six.base()) && usable.prefix() <= six.prefix());
        return outside
                ? Optional.of("cannot work: hosts have addresses of 2000::/3, or of fc00::/7 where nobody else knows of"
                        + " them (RFC 4291, RFC 4193)")
                : Optional.empty();
    }
}
