package dev.scc.cluster.plan;

import dev.scc.cluster.world.Node;
import dev.scc.vpc.VpcNetwork;
import java.util.Optional;

/** Whether a node can be in a VPC that is encrypted. Pure. */
final class Encryption {
    private Encryption() {}

    /** Why it cannot, in words that go on after its name; empty if it can, or if the VPC is not encrypted. */
    static Optional<String> obstacle(Node node, Optional<VpcNetwork> vpc) {
        return vpc.filter(VpcNetwork::encrypted)
                .flatMap(network -> node.inventory()
                        .flatMap(inventory -> inventory.has().tunnelObstacle())
                        .map(why -> why + "; VPC " + network.name() + " is encrypted"));
    }
}
