package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.plan.Asker;
import dev.scc.cluster.plan.Permission;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.List;
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
}
