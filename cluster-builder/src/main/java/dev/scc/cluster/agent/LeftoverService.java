package dev.scc.cluster.agent;

import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Serves {@link LeftoverRpc}: asks all that makes something on the node. */
public final class LeftoverService {

    /** One that makes something on the node, and knows what of it belongs to nothing. */
    @FunctionalInterface
    public interface Source {
        /** @param remove whether what is found is removed, too */
        List<Found> leftovers(boolean remove) throws IOException, CommandFailed, InterruptedException;
    }

    private final NodeName node;
    private final Supplier<List<Source>> sources;

    public LeftoverService(NodeName node, Supplier<List<Source>> sources) {
        this.node = node;
        this.sources = sources;
    }

    public ServerServiceDefinition definition() {
        return new RpcService(LeftoverRpc.SERVICE)
                .unary(LeftoverRpc.LOOK, look -> look(look.remove()))
                .definition();
    }

    private LeftoverRpc.Looked look(boolean remove) throws RpcFailed, InterruptedException {
        List<Found> found = new ArrayList<>();
        try {
            for (Source source : sources.get()) {
                found.addAll(source.leftovers(remove));
            }
        } catch (IOException | CommandFailed e) {
            throw new RpcFailed(RpcFailed.Kind.FAILED, "node " + node + " cannot look: " + e.getMessage());
        }
        return new LeftoverRpc.Looked(node, found);
    }
}
