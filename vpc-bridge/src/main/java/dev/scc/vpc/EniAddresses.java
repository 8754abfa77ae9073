package dev.scc.vpc;

import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.Mac;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The addresses of one ENI, each of them once.
 *
 * @param first the primary one, of which its Ethernet address follows
 * @param more of IPv4 or IPv6
 */
public record EniAddresses(Ipv4 first, List<Ip> more) {
    /** That one ENI has at most. */
    public static final int MOST = 8;

    public EniAddresses {
        more = List.copyOf(more);
        if (more.size() >= MOST) {
            throw new IllegalArgumentException(
                    (more.size() + 1) + " addresses are too many of an ENI; " + MOST + " may be");
        }
        if (new HashSet<>(more).size() < more.size() || more.contains(first)) {
            throw new IllegalArgumentException(
                    words(Stream.concat(Stream.of(first), more.stream()).toList()) + ": an address is there twice");
        }
    }

    /** Of one that has no other. */
    public static EniAddresses of(Ipv4 only) {
        return new EniAddresses(only, List.of());
    }

    /** All, the primary one first. */
    public List<Ip> all() {
        return Stream.concat(Stream.of(first), more.stream()).toList();
    }

    /** Those of IPv4, the primary one first. */
    public List<Ipv4> fours() {
        return of(Ipv4.class);
    }

    /** Those of IPv6. */
    public List<Ipv6> sixes() {
        return of(Ipv6.class);
    }

    private <T extends Ip> List<T> of(Class<T> version) {
        return all().stream().filter(version::isInstance).map(version::cast).toList();
    }

    /** Its Ethernet address. */
    public Mac mac() {
        return Mac.of(first);
    }

    /** Such as {@code 172.20.0.9, fd00::9}. */
    @Override
    public String toString() {
        return words(all());
    }

    private static String words(List<Ip> addresses) {
        return addresses.stream().map(Ip::toString).collect(Collectors.joining(", "));
    }
}
