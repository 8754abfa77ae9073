package dev.scc.cluster;

import dev.scc.cluster.trust.Principal;
import dev.scc.host.Bounds;
import dev.scc.host.Ipv4;
import dev.scc.vpc.EniId;
import dev.scc.vpc.VpcNetwork;
import java.util.Optional;

/**
 * An ENI in a slot of a node.
 *
 * @param slot of the node: 1 to {@value #LAST_SLOT}; slot 0 is that of the node's cluster
 * @param owner who asked for it; empty if that was not proven
 * @param request that waits for the end of what is being done with it; empty if nobody waits
 */
public record Plug(
        EniId eni,
        VpcNetwork vpc,
        Ipv4 address,
        int slot,
        Phase phase,
        Optional<Principal> owner,
        Optional<String> request) {
    public static final int LAST_SLOT = 31;

    public Plug {
        Bounds.within("slot", slot, 1, LAST_SLOT);
    }

    /** How far it is. */
    public enum Phase {
        ATTACHING,
        ATTACHED,
        DETACHING
    }

    /** Name of its interface. */
    public String device() {
        return "eni" + slot;
    }

    public Plug in(Phase next, Optional<String> waiting) {
        return new Plug(eni, vpc, address, slot, next, owner, waiting);
    }
}
