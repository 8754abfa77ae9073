package dev.scc.cluster.agent;

import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Serves {@link LeftoverRpc}: asks all that makes something on the node. */
public final class LeftoverService {

    /** One that makes something on the node, and knows what of it belongs to nothing. */
    @FunctionalInterface
    public interface Source {
        /** @param remove whether what is found is removed, too */
        List<NodeLeftover> leftovers(boolean remove) throws IOException, CommandFailed, InterruptedException;
    }

    private final Function<NodeName, Optional<Place>> nodes;

    /**
     * A node, as this service knows it.
     *
     * @param signal has the agent look at its node: whatever else is not as it should be is put right by the pass that
     *     follows. Not called if nothing is to be removed, because a pass changes things
     */
    record Place(List<Source> sources, Runnable signal) {}

    /** Answers for one node; {@code signal} has its agent look at it, after something was to be removed. */
    public LeftoverService(NodeName node, Supplier<List<Source>> sources, Runnable signal) {
        this(asked -> asked.equals(node) ? Optional.of(new Place(sources.get(), signal)) : Optional.empty());
    }

    /** @param nodes empty for one that this process does not answer for */
    LeftoverService(Function<NodeName, Optional<Place>> nodes) {
        this.nodes = nodes;
    }

    public ServerServiceDefinition definition() {
        return new RpcService(LeftoverRpc.SERVICE)
                .unary(LeftoverRpc.LOOK, (_, look) -> look(look.node(), look.remove()))
                .definition();
    }

    LeftoverRpc.Looked look(NodeName node, boolean remove) throws RpcFailed, InterruptedException {
        Place place = nodes.apply(node)
                .orElseThrow(() -> new RpcFailed(RpcFailed.Kind.INVALID, "this is not the agent of node " + node));
        List<NodeLeftover> found = new ArrayList<>();
        try {
            for (Source source : place.sources()) {
                found.addAll(source.leftovers(remove));
            }
        } catch (IOException | CommandFailed e) {
            throw new RpcFailed(RpcFailed.Kind.FAILED, "node " + node + " cannot look: " + e.getMessage());
        }
        if (remove) {
            place.signal().run();
        }
        return new LeftoverRpc.Looked(node, found);
    }
}
