package dev.scc.vpc;

import dev.scc.host.Cidr;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Picks what is free: addresses of a network, networks of a pool, numbers of a range. The lowest, unless one is preferred. */
public final class AddressPlan {
    private AddressPlan() {}

    /**
     * The {@code count} lowest host addresses of {@code cidr} that are not in {@code taken}, ascending.
     *
     * @throws Unavailable if there are not that many; the message says how many there are
     */
    public static List<Ipv4> hosts(Cidr cidr, int count, Collection<? extends Ip> taken) {
        Set<Ip> gone = new HashSet<>(taken);
        List<Ipv4> hosts = new ArrayList<>(count);
        for (int number = 1; number <= cidr.hosts() && hosts.size() < count; number++) {
            Ipv4 host = cidr.host(number);
            if (!gone.contains(host)) {
                hosts.add(host);
            }
        }
        if (hosts.size() < count) {
            long used = cidr.hosts() - hosts.size();
            throw new Unavailable(cidr + " is too small: it has " + cidr.hosts() + " host addresses"
                    + (used == 0 ? "" : ", " + used + " of them taken") + ", and " + count + " are needed");
        }
        return List.copyOf(hosts);
    }

    /**
     * The first host address that is not in {@code taken}, from the one with this place on, and around the end.
     *
     * @param first from 0
     * @throws Unavailable if there is none
     */
    public static Ipv4 hostFrom(Cidr cidr, long first, Collection<? extends Ip> taken) {
        Set<Ip> gone = new HashSet<>(taken);
        for (long tried = 0; tried < cidr.hosts(); tried++) {
            Ipv4 host = cidr.host((int) ((first + tried) % cidr.hosts()) + 1);
            if (!gone.contains(host)) {
                return host;
            }
        }
        return hosts(cidr, 1, taken).getFirst();
    }

    /**
     * The lowest network with that prefix in {@code pool} that overlaps none of {@code taken}.
     *
     * @throws Unavailable if the prefix does not fit into the pool, or nothing is free
     */
    public static Cidr subnet(Cidr pool, int prefix, Collection<Cidr> taken) {
        return subnet(List.of(pool), prefix, taken);
    }

    /**
     * The same, in the first of several pools that has one.
     *
     * @throws Unavailable if the prefix fits into none of them, or nothing is free
     */
    public static Cidr subnet(List<Cidr> pools, int prefix, Collection<Cidr> taken) {
        Optional<Cidr> found = pools.stream()
                .filter(pool -> prefix >= pool.prefix() && prefix <= 30)
                .flatMap(pool -> free(pool, prefix, taken).stream())
                .findFirst();
        return found.orElseThrow(() -> new Unavailable(why(pools, prefix, taken)));
    }

    private static String why(List<Cidr> pools, int prefix, Collection<Cidr> taken) {
        String all = pools.stream().map(Cidr::toString).collect(Collectors.joining(", "));
        int shortest = pools.stream().mapToInt(Cidr::prefix).min().orElse(0);
        if (prefix < shortest || prefix > 30) {
            return "a network with prefix /" + prefix + " cannot be taken out of " + all
                    + ": its prefix has to be within " + shortest + " to 30";
        }
        long inPools = taken.stream()
                .filter(other -> pools.stream().anyMatch(other::overlaps))
                .count();
        String most = taken.stream()
                .filter(other -> pools.stream().anyMatch(other::overlaps))
                .min(Comparator.comparingInt(Cidr::prefix))
                .map(other -> ", the largest of them " + other)
                .orElse("");
        return "no network with prefix /" + prefix + " is free in " + all + ": " + inPools + " are taken" + most;
    }

    private static Optional<Cidr> free(Cidr pool, int prefix, Collection<Cidr> taken) {
        List<Cidr> inPool = taken.stream()
                .filter(pool::overlaps)
                .sorted(Comparator.comparing(Cidr::base))
                .toList();
        // One walk over what is taken, from the bottom: a free place starts at the end of something taken, rounded up.
        long size = 1L << (32 - prefix);
        long at = start(pool);
        for (Cidr other : inPool) {
            if (at + size <= start(other)) {
                break;
            }
            long end = start(other) + (1L << (32 - other.prefix()));
            at = Math.max(at, (end + size - 1) / size * size);
        }
        return at + size > start(pool) + (1L << (32 - pool.prefix()))
                ? Optional.empty()
                : Optional.of(new Cidr(new Ipv4((int) at), prefix));
    }

    /**
     * The lowest number from {@code first} to {@code last} that is not in {@code taken}.
     *
     * @param what the numbers are, for the message, such as {@code VNI}
     * @throws Unavailable if all are taken
     */
    public static int number(String what, int first, int last, Collection<Integer> taken) {
        int lowest = first;
        for (int number : new TreeSet<>(taken).tailSet(first)) {
            if (number != lowest) {
                break;
            }
            lowest++;
        }
        if (lowest > last) {
            throw new Unavailable("no " + what + " is free: all from " + first + " to " + last + " are taken");
        }
        return lowest;
    }

    private static long start(Cidr cidr) {
        return Integer.toUnsignedLong(cidr.base().bits());
    }
}
