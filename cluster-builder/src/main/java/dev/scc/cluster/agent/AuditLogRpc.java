package dev.scc.cluster.agent;

import dev.scc.cluster.audit.AuditPage;
import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.host.NodeName;
import java.util.Optional;

/** The gRPC method by which an agent is asked for the audit logs on its node. */
public final class AuditLogRpc {
    static final String SERVICE = "scc.AuditLogs";

    /** What one answer has at most, in bytes of a log. */
    public static final int PAGE = 256 << 10;

    public static final RpcMethod<Read, Lines> READ =
            RpcMethod.unary(SERVICE, "Read", Access.SERVERS, Read.class, Lines.class);

    private AuditLogRpc() {}

    /** Whose log. */
    public enum Log {
        AGENT,
        KEEPER
    }

    /**
     * @param node that is meant
     * @param before where the lines end; empty for the log's end
     */
    public record Read(NodeName node, Log log, Optional<AuditPage.Place> before) {}

    /** @param page empty if the node has no such log */
    public record Lines(Optional<AuditPage> page) {}
}
