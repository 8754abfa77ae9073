package dev.scc.cluster.agent;

import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.fabric.doctor.NodeFacts;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import io.grpc.ServerServiceDefinition;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Serves {@link FactsRpc}. Makes nothing on the node, so it has nothing to end and leaves nothing. */
public final class FactsService implements AgentProcess.Extension {
    private final NodeName node;
    private final Supplier<Optional<ServedCluster>> served;
    private final Observer observer;
    private final InstantSource clock;

    /** Observes the node. */
    @FunctionalInterface
    public interface Observer {
        NodeFacts observe(NodeName node, Optional<NodeFacts.Segment> segment)
                throws CommandFailed, InterruptedException;
    }

    public FactsService(
            NodeName node, Supplier<Optional<ServedCluster>> served, Observer observer, InstantSource clock) {
        this.node = node;
        this.served = served;
        this.observer = observer;
        this.clock = clock;
    }

    @Override
    public List<ServerServiceDefinition> services() {
        return List.of(new RpcService(FactsRpc.SERVICE)
                .unary(FactsRpc.OBSERVE, (_, ask) -> observe(ask.node()))
                .definition());
    }

    private FactsRpc.Observed observe(NodeName asked) throws RpcFailed, InterruptedException {
        if (!asked.equals(node)) {
            throw new RpcFailed(RpcFailed.Kind.INVALID, "this is node " + node + ", not " + asked);
        }
        try {
            // Its clock is read last: what takes time before it would count as skew.
            NodeFacts facts = observer.observe(node, served.get().flatMap(FactsService::segment));
            return new FactsRpc.Observed(facts, clock.millis());
        } catch (CommandFailed e) {
            throw new RpcFailed(RpcFailed.Kind.FAILED, "node " + node + " cannot be observed: " + e.getMessage());
        }
    }

    static Optional<NodeFacts.Segment> segment(ServedCluster cluster) {
        if (cluster.self().rdmaDevice().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new NodeFacts.Segment(
                cluster.roster().cluster().value(),
                cluster.self().rdmaDevice(),
                cluster.roster().segment().link(cluster.self().rdmaNetdev()),
                cluster.self().rdmaAddress() + "/"
                        + cluster.roster().segment().cidr().prefix(),
                cluster.segment().map(address -> address.gidIndex())));
    }
}
