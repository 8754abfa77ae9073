package dev.scc.fabric.port;

import dev.scc.fabric.VlanId;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.Optional;

/**
 * Sets what the port of a node at the fabric's switch lets through, both ways. A tenant is root on its node, so what it must not
 * send or see is kept from it there. Thread-safe; for one node at a time it is called once.
 */
public interface SwitchPort {

    /**
     * What a port lets through.
     *
     * @param vlan frames of this VLAN alone
     * @param address from the node only what has this source address
     */
    record Allowed(VlanId vlan, Ipv4 address) {}

    /**
     * Sets the port. When it returns, that is so; done twice it is so still.
     *
     * @param allowed empty if the port lets nothing through
     * @param epoch the fencing number of the controller that wants it: where a port can tell, a lower one than it has seen is too old
     * @throws PortFailed if it could not be set, or not in time; what it lets through then is not known
     */
    void set(NodeName node, Optional<Allowed> allowed, long epoch) throws PortFailed;
}
