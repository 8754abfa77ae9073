package dev.scc.cluster.agent;

import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.FilterCounts;
import io.grpc.ServerServiceDefinition;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Serves {@link DropsRpc}. It reads, and nothing else: the kernel counts and notes by itself. */
public final class DropsService implements AgentProcess.Extension {
    private final NodeName node;
    private final Source source;
    private final InstantSource clock;

    /** Who knows what tables of nftables have counted: those that are there, of these. */
    @FunctionalInterface
    public interface Source {
        Map<String, FilterCounts> counts(Collection<String> tables) throws CommandFailed;
    }

    public DropsService(NodeName node, Source source, InstantSource clock) {
        this.node = node;
        this.source = source;
        this.clock = clock;
    }

    @Override
    public List<ServerServiceDefinition> services() {
        return List.of(new RpcService(DropsRpc.SERVICE)
                .unary(DropsRpc.COUNT, (_, ask) -> count(ask))
                .definition());
    }

    private DropsRpc.Counted count(DropsRpc.Count ask) throws RpcFailed {
        if (!ask.node().equals(node)) {
            throw new RpcFailed(RpcFailed.Kind.INVALID, "this is node " + node + ", not " + ask.node());
        }
        try {
            return new DropsRpc.Counted(source.counts(ask.tables()), clock.millis());
        } catch (CommandFailed e) {
            throw new RpcFailed(RpcFailed.Kind.FAILED, String.valueOf(e.getMessage()));
        }
    }
}
