package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.scc.cluster.trust.Principal;
import dev.scc.host.Bounds;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Later;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.util.Optional;

/**
 * A VPC that lives by itself, whatever clusters come and go in it. Never changed.
 *
 * @param vni from a pool of its own, above the numbers that clusters have for their own VPCs
 * @param mtu in bytes, one for all that is in it
 * @param owner who asked for it; empty if that was not proven
 * @param since when it was made, in milliseconds since 1970
 * @param containers whether nodes may put their containers into it by themselves
 * @param cidr6 its addresses of IPv6; empty if it has none
 * @param encrypted whether its packets pass the underlay in tunnels
 */
public record VpcRecord(
        VpcName name,
        Vni vni,
        Cidr cidr,
        int mtu,
        Optional<Principal> owner,
        long since,
        @Later boolean containers,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) @Later Optional<Cidr6> cidr6,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) @Later boolean encrypted) {
    /** All below may be a cluster's VLAN, whose VNI is the same number. */
    public static final int FIRST_VNI = 5_000;

    public static final int LAST_VNI = 0xFFFFFF;

    /** One that is not encrypted. */
    public VpcRecord(
            VpcName name,
            Vni vni,
            Cidr cidr,
            int mtu,
            Optional<Principal> owner,
            long since,
            boolean containers,
            Optional<Cidr6> cidr6) {
        this(name, vni, cidr, mtu, owner, since, containers, cidr6, false);
    }

    /** One without IPv6 that nodes put nothing into by themselves. */
    public VpcRecord(VpcName name, Vni vni, Cidr cidr, int mtu, Optional<Principal> owner, long since) {
        this(name, vni, cidr, mtu, owner, since, false, Optional.empty());
    }

    public VpcRecord {
        Bounds.within("mtu", mtu, 68, 65_535);
    }

    /** As members of a cluster see it. */
    public VpcNetwork network() {
        return new VpcNetwork(name.value(), vni, cidr, Optional.of(mtu), cidr6, encrypted);
    }

    /** Whether a network is one that lives by itself, and not a cluster's own. */
    public static boolean standsAlone(VpcNetwork network) {
        return network.vni().value() >= FIRST_VNI;
    }
}
