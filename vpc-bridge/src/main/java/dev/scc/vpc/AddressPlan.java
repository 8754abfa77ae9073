package dev.scc.vpc;

import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Picks what is free: addresses of a network, networks of a pool, numbers of a range. Always the lowest. */
public final class AddressPlan {
    private AddressPlan() {}

    /**
     * The {@code count} lowest host addresses of {@code cidr} that are not in {@code taken}, ascending.
     *
     * @throws IllegalArgumentException if there are not that many; the message says how many there are
     */
    public static List<Ipv4> hosts(Cidr cidr, int count, Collection<Ipv4> taken) {
        Set<Ipv4> gone = new HashSet<>(taken);
        List<Ipv4> hosts = new ArrayList<>(count);
        for (int number = 1; number <= cidr.hosts() && hosts.size() < count; number++) {
            Ipv4 host = cidr.host(number);
            if (!gone.contains(host)) {
                hosts.add(host);
            }
        }
        if (hosts.size() < count) {
            long used = cidr.hosts() - hosts.size();
            throw new IllegalArgumentException(cidr + " is too small: it has " + cidr.hosts() + " host addresses"
                    + (used == 0 ? "" : ", " + used + " of them taken") + ", and " + count + " are needed");
        }
        return List.copyOf(hosts);
    }

    /**
     * The lowest network with that prefix in {@code pool} that overlaps none of {@code taken}.
     *
     * @throws IllegalArgumentException if the prefix does not fit into the pool, or nothing is free
     */
    public static Cidr subnet(Cidr pool, int prefix, Collection<Cidr> taken) {
        if (prefix < pool.prefix() || prefix > 30) {
            throw new IllegalArgumentException("a network with prefix /" + prefix + " cannot be taken out of " + pool
                    + ": its prefix has to be within " + pool.prefix() + " to 30");
        }
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
        if (at + size > start(pool) + (1L << (32 - pool.prefix()))) {
            throw new IllegalArgumentException(
                    "no network with prefix /" + prefix + " is free in " + pool + ": " + inPool.size() + " are taken");
        }
        return new Cidr(new Ipv4((int) at), prefix);
    }

    /**
     * The lowest number from {@code first} to {@code last} that is not in {@code taken}.
     *
     * @param what the numbers are, for the message, such as {@code VNI}
     * @throws IllegalArgumentException if all are taken
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
            throw new IllegalArgumentException(
                    "no " + what + " is free: all from " + first + " to " + last + " are taken");
        }
        return lowest;
    }

    private static long start(Cidr cidr) {
        return Integer.toUnsignedLong(cidr.base().bits());
    }
}
