package dev.scc.cluster.front;

import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.api.AuditRpc;
import dev.scc.cluster.audit.AuditChain;
import dev.scc.cluster.audit.AuditEntry;
import dev.scc.cluster.audit.AuditKeeper;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.world.WorldReader;
import dev.scc.cluster.zk.ZooKeeperTree;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Tells administrators of one server's audit log and of those of nodes, and whether the tree is as the table of its entries says. Thread-safe. */
public final class AuditService {
    private final ZooKeeperTree tree;
    private final TreeReading reading;
    private final AuditKeeper keeper;
    private final Connections connections;

    /** @param connections to agents */
    public AuditService(ZooKeeperTree tree, AuditKeeper keeper, Connections connections) {
        this.tree = tree;
        this.connections = connections;
        this.reading = new TreeReading(tree::connected);
        this.keeper = keeper;
    }

    public ServerServiceDefinition definition() {
        return new RpcService(AuditRpc.SERVICE)
                .unary(AuditRpc.RECENT, (_, _) -> recent())
                .unary(AuditRpc.VERIFY, (_, _) -> reading.from(this::verify))
                .unary(AuditRpc.TREE, (_, _) -> reading.from(() -> TreeAudit.of(tree)))
                .unary(AuditRpc.OF_NODES, (_, ask) -> reading.from(() -> ofNodes(ask)))
                .definition();
    }

    private AuditList recent() {
        return new AuditList(keeper.recent().stream()
                .map(entry -> row(keeper.server(), entry))
                .toList());
    }

    private AuditRpc.NodeLogs ofNodes(AuditRpc.OfNodes ask) throws ConnectionLost, InterruptedException {
        tree.sync();
        return new NodeAuditSearch(new WorldReader(tree).read(Instant.now()), connections).run(ask);
    }

    /** @param log whose it is */
    static AuditList.Row row(String log, AuditEntry entry) {
        AuditEntry.Fact fact = entry.fact();
        return new AuditList.Row(
                Instant.ofEpochMilli(entry.at()).toString(),
                log,
                entry.number(),
                fact.who(),
                fact.from(),
                fact.method(),
                fact.about(),
                fact.ending().toString(),
                fact.why(),
                fact.leftOut());
    }

    private AuditRpc.Verified verify() throws ConnectionLost, RpcFailed, InterruptedException {
        try {
            AuditChain.Finding finding = keeper.check();
            List<String> broken = Stream.concat(finding.broken().stream(), finding.told().stream())
                    .toList();
            return new AuditRpc.Verified(
                    keeper.server(),
                    finding.entries(),
                    finding.refused(),
                    broken,
                    tree.children(TreeEntry.AUDIT.path()));
        } catch (IOException e) {
            throw new RpcFailed(RpcFailed.Kind.FAILED, "the audit log cannot be read: " + e.getMessage());
        }
    }
}
