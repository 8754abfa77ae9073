package dev.scc.cluster;

import dev.scc.host.Cidr;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which networks are taken, by the number that is both a VNI and a VLAN. A number stays taken until the last node that has
 * ever carried it is clean.
 */
public record Pools(Map<Integer, Taken> networks) {
    /** Below are the VLANs that people like to use for something else. */
    public static final int FIRST = 70;

    /** The last VLAN there is. */
    public static final int LAST = 4094;

    public Pools {
        networks = Collections.unmodifiableMap(new TreeMap<>(networks));
    }

    /** By whom, and with which addresses. */
    public record Taken(ClusterName cluster, String vpc, Cidr vpcCidr, Cidr rdmaCidr) {}

    public static Pools empty() {
        return new Pools(Map.of());
    }

    public Pools with(int network, Taken taken) {
        Map<Integer, Taken> more = new TreeMap<>(networks);
        more.put(network, taken);
        return new Pools(more);
    }

    public Pools without(int network) {
        Map<Integer, Taken> less = new TreeMap<>(networks);
        less.remove(network);
        return new Pools(less);
    }
}
