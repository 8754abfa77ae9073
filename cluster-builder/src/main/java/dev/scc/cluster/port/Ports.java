package dev.scc.cluster.port;

import dev.scc.fabric.port.SwitchPort.Allowed;
import dev.scc.host.NodeName;
import java.util.Map;
import java.util.Optional;

/** Takes what a controller wants of the nodes' switch ports. */
public interface Ports {

    /**
     * From now on these are wanted.
     *
     * @param settings of every node of the pool; empty for a port that is to let nothing through
     * @param epoch the controller's fencing number; with a new one every port is set again
     */
    void want(Map<NodeName, Optional<Allowed>> settings, long epoch);

    /**
     * Whether a port may still let something through.
     *
     * @return empty if it is known to be closed, and nothing else is wanted of it
     */
    Optional<Open> open(NodeName node);

    /** @param failure why it is not closed; empty if that is only not known yet */
    record Open(Optional<String> failure) {}

    /** This controller does not lead: another sets the ports. */
    void rest();
}
