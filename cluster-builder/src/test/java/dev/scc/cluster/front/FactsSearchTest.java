package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.agent.FactsRpc;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.plan.Asker;
import dev.scc.cluster.plan.Permission;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.doctor.NodeFacts;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FactsSearchTest {
    private final MemoryTree tree = new MemoryTree();

    @BeforeEach
    void threeNodesOfWhichTwoAreACluster() {
        for (int number = 1; number <= 3; number++) {
            NodeName node = new NodeName("n" + number);
            Alive machine = Alive.at("i" + number, Ipv4.parse("10.99.0.1" + number));
            tree.put(Paths.node(node), Json.write(NodeRecord.enrolled(node, machine)));
            tree.put(Paths.assign(node), Json.write(new Assignment.Free(1, 0)));
        }
        tree.put(
                Paths.cluster(new ClusterName("demo")),
                Json.write(ClusterRecord.begun(
                        ClusterSpec.of("demo", 2), 70, List.of(new NodeName("n2"), new NodeName("n3")), 0, "r")));
    }

    private List<String> chosen(Optional<String> name) throws Exception {
        return FactsSearch.chosen(new Permission(new Asker.Unproven(), World.read(tree)), name).stream()
                .map(Node::name)
                .map(NodeName::value)
                .toList();
    }

    @Test
    void aNameIsThatOfAClusterOrElseOfANodeAndWithoutOneAllAreMeant() throws Exception {
        assertThat(chosen(Optional.empty())).containsExactly("n1", "n2", "n3");
        assertThat(chosen(Optional.of("demo"))).containsExactly("n2", "n3");
        assertThat(chosen(Optional.of("n2"))).containsExactly("n2");
        assertThat(chosen(Optional.of("n9"))).isEmpty();
    }

    /** A node whose clock is 500 ms ahead of the moment at which its answer came. */
    @Test
    void aNodesClockIsComparedWithTheMomentOfItsAnswer() throws Exception {
        NodeName node = new NodeName("n1");
        NodeFacts facts = new NodeFacts(
                node,
                new NodeFacts.Host("6.1.0", "", "unlimited", "", Optional.empty(), Map.of(), List.of(), List.of()),
                List.of(),
                List.of(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
        long[] now = {10_000};
        try (RpcServer agent = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(new RpcService("scc.Facts")
                        .unary(FactsRpc.OBSERVE, (_, _) -> new FactsRpc.Observed(facts, 10_800))
                        .definition()))) {
            Alive machine = new Alive("i1", Ipv4.parse("10.99.0.11"), Optional.of(agent.address()));
            tree.put(Paths.node(node), Json.write(NodeRecord.enrolled(node, machine)));
            tree.put(Paths.alive(node), Json.write(machine));
            World world = World.read(tree);

            ServerRpc.Observations seen = new FactsSearch(
                            Connections.plain(), () -> Instant.ofEpochMilli(now[0] += 150))
                    .run(world, List.of(Objects.requireNonNull(world.nodes().get(node))), Duration.ofSeconds(20));

            assertThat(seen.facts())
                    .extracting(NodeFacts::clock)
                    .containsExactly(Optional.of(new NodeFacts.Clock(500, 150)));
        }
    }
}
