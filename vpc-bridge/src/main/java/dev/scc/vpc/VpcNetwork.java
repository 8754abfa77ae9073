package dev.scc.vpc;

import dev.scc.host.Cidr;
import dev.scc.host.Later;
import java.util.Optional;

/**
 * A VPC: its name, the overlay that carries it, and its addresses.
 *
 * @param mtu in bytes, one for all members: what the smallest underlay carries; empty if each takes what its own does
 */
public record VpcNetwork(
        String name, Vni vni, Cidr cidr, @Later Optional<Integer> mtu) {

    /** One whose members take what their underlays carry. */
    public static VpcNetwork of(String name, Vni vni, Cidr cidr) {
        return new VpcNetwork(name, vni, cidr, Optional.empty());
    }
}
