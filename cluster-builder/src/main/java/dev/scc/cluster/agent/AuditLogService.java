package dev.scc.cluster.agent;

import dev.scc.cluster.audit.AuditPages;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.host.NodeName;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Serves {@link AuditLogRpc}. It reads files that this process and its keeper of jobs write, and nothing else. */
public final class AuditLogService implements AgentProcess.Extension {
    private final NodeName node;
    private final Map<AuditLogRpc.Log, Path> directories;

    /** @param directories of the logs that the node has, or will have */
    public AuditLogService(NodeName node, Map<AuditLogRpc.Log, Path> directories) {
        this.node = node;
        this.directories = Map.copyOf(directories);
    }

    @Override
    public List<ServerServiceDefinition> services() {
        return List.of(new RpcService(AuditLogRpc.SERVICE)
                .unary(AuditLogRpc.READ, (_, ask) -> read(ask))
                .definition());
    }

    private AuditLogRpc.Lines read(AuditLogRpc.Read ask) throws RpcFailed {
        if (!ask.node().equals(node)) {
            throw new RpcFailed(RpcFailed.Kind.INVALID, "this is node " + node + ", not " + ask.node());
        }
        Path directory = directories.get(ask.log());
        if (directory == null) {
            return new AuditLogRpc.Lines(Optional.empty());
        }
        try {
            return new AuditLogRpc.Lines(Optional.of(AuditPages.before(directory, ask.before(), AuditLogRpc.PAGE)));
        } catch (NoSuchFileException e) {
            return new AuditLogRpc.Lines(Optional.empty());
        } catch (IOException e) {
            throw new RpcFailed(RpcFailed.Kind.FAILED, "its audit log cannot be read: " + e.getMessage());
        }
    }
}
