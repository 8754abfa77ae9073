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
    private final Runnable signal;

    /**
     * A service of that node.
     *
     * @param signal has the agent look at its node: whatever else is not as it should be is put right by the pass that
     *     follows. Not called if nothing is to be removed, because a pass changes things
     */
    public LeftoverService(NodeName node, Supplier<List<Source>> sources, Runnable signal) {
        this.node = node;
        this.sources = sources;
        this.signal = signal;
    }

    public ServerServiceDefinition definition() {
        return new RpcService(LeftoverRpc.SERVICE)
                .unary(LeftoverRpc.LOOK, look -> look(look.remove()))
                .definition();
    }

    LeftoverRpc.Looked look(boolean remove) throws RpcFailed, InterruptedException {
        List<Found> found = new ArrayList<>();
        try {
            for (Source source : sources.get()) {
                found.addAll(source.leftovers(remove));
            }
        } catch (IOException | CommandFailed e) {
            throw new RpcFailed(RpcFailed.Kind.FAILED, "node " + node + " cannot look: " + e.getMessage());
        }
        if (remove) {
            signal.run();
        }
        return new LeftoverRpc.Looked(node, found);
    }
}
