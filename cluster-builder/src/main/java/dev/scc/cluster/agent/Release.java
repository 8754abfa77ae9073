package dev.scc.cluster.agent;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.NodeName;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How a node's RDMA device comes back from a cluster: compared with what it was before, at each look, until it is as well as that
 * once. An agent that is started meanwhile knows nothing of it any more.
 */
final class Release {
    private final NodeName node;
    private final NodeNetwork network;
    private final AtomicReference<Optional<Member>> former = new AtomicReference<>(Optional.empty());

    Release(NodeName node, NodeNetwork network) {
        this.node = node;
        this.network = network;
    }

    /** Another cluster, or none, takes the place of the one that the node has served. */
    void change(Optional<Roster> serving, Optional<Roster> wanted) {
        serving.map(roster -> roster.member(node)).ifPresent(member -> former.set(Optional.of(member)));
        wanted.map(roster -> roster.member(node)).ifPresent(member -> {
            former.set(Optional.empty());
            network.entrust(member);
        });
    }

    /** What is worse about the device of a node that serves nothing; empty if nothing. */
    Optional<String> worse(NodeInventory has) {
        Optional<String> worse = former.get().flatMap(member -> network.worse(member, has));
        if (worse.isEmpty()) {
            former.set(Optional.empty());
        }
        return worse;
    }
}
