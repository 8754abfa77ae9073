package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.agent.AuditLogRpc;
import dev.scc.cluster.api.AuditRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.cluster.world.World;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class NodeAuditSearchTest {
    private static final NodeName N1 = new NodeName("n1");

    private static AuditRpc.NodeLogs search(RpcServer agent, long eachMillis) throws Exception {
        MemoryTree tree = new MemoryTree();
        Alive machine = new Alive("i1", Ipv4.parse("10.99.0.11"), Optional.of(agent.address()));
        tree.put(Paths.node(N1), Json.write(NodeRecord.enrolled(N1, machine)));
        tree.put(Paths.assign(N1), Json.write(new Assignment.Free(1, 0)));
        tree.put(Paths.alive(N1), Json.write(machine));
        return new NodeAuditSearch(World.read(tree), Connections.plain())
                .run(new AuditRpc.OfNodes(List.of(N1), 10, true, eachMillis));
    }

    private interface Answer {
        AuditLogRpc.Lines to(AuditLogRpc.Read read) throws InterruptedException;
    }

    private static RpcServer agent(Answer answer) throws Exception {
        return RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(new RpcService("scc.AuditLogs")
                        .unary(AuditLogRpc.READ, (_, read) -> answer.to(read))
                        .definition()));
    }

    @Test
    void aNodeThatKeepsNoLogSaysSo() throws Exception {
        try (RpcServer agent = agent(_ -> new AuditLogRpc.Lines(Optional.empty()))) {
            assertThat(search(agent, 15_000).unread())
                    .containsExactly(new AuditRpc.Unread(N1, "it keeps no audit log"));
        }
    }

    @Test
    void aNodeThatDoesNotAnswerIsGivenUp() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RpcServer agent = agent(_ -> {
            over.await();
            return new AuditLogRpc.Lines(Optional.empty());
        })) {
            assertThat(search(agent, 100).unread())
                    .extracting(AuditRpc.Unread::node)
                    .containsExactly(N1);
            over.countDown();
        }
    }
}
