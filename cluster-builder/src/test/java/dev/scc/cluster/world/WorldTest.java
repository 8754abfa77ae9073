package dev.scc.cluster.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Pools;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WorldTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final VpcName LAB = new VpcName("lab");

    private static World unread(String... paths) {
        Map<String, String> unread = new TreeMap<>();
        List.of(paths).forEach(path -> unread.put(path, "is nothing"));
        return new World(
                new TreeMap<>(),
                new TreeMap<>(),
                new Held<>(Pools.empty(), 0),
                new TreeMap<>(),
                new TreeMap<>(),
                unread);
    }

    @Test
    void whatNobodyUnderstandsOfNodesAndClustersMayUseAnyNetwork() {
        for (String path : List.of(Paths.node(N1), Paths.assign(N1), Paths.cluster(DEMO))) {
            assertThat(unread(path).hides()).as(path).isTrue();
            assertThat(unread(path).uses(70)).as(path).isTrue();
            assertThat(unread(Paths.status(N1), path).hides()).as(path).isTrue();
        }
        for (String path : List.of(Paths.status(N1), Paths.inventory(N1), Paths.vpc(LAB), Paths.request("r"))) {
            assertThat(unread(path).hides()).as(path).isFalse();
            assertThat(unread(path).uses(70)).as(path).isFalse();
        }
    }

    @Test
    void whatIsHiddenIsHiddenByItsName() {
        assertThat(unread(Paths.node(N1)).hides(N1)).isTrue();
        assertThat(unread(Paths.assign(N1)).hides(N1)).isTrue();
        assertThat(unread(Paths.status(N1)).hides(N1)).isFalse();
        assertThat(unread(Paths.node(N1), Paths.assign(N1)).hides(N2)).isFalse();
        assertThat(unread(Paths.cluster(DEMO)).hides(DEMO)).isTrue();
        assertThat(unread(Paths.cluster(DEMO)).hides(new ClusterName("other"))).isFalse();
    }

    @Test
    void aVpcIsHiddenWithWhatIsBelowIt() {
        assertThat(unread(Paths.vpc(LAB)).hides(LAB)).isTrue();
        assertThat(unread(Paths.vpc(LAB) + "/cluster-70").hides(LAB)).isTrue();
        assertThat(unread(Paths.vpc(new VpcName("lab2"))).hides(LAB)).isFalse();
        assertThat(unread(Paths.vpc(LAB)).hidesVpcs()).isTrue();
        assertThat(unread(Paths.node(N1)).hidesVpcs()).isFalse();
        assertThat(unread(Paths.group(new GroupName("web"))).hidesGroups()).isTrue();
        assertThat(unread(Paths.vpc(LAB)).hidesGroups()).isFalse();
    }

    private static Node node(Assignment assignment) {
        return new Node(
                new Held<>(NodeRecord.enrolled(N1, Alive.at("i", Ipv4.parse("10.99.0.1"))), 0),
                new Held<>(assignment, 0),
                Optional.empty(),
                Optional.empty(),
                true);
    }

    @Test
    void aNetworkIsUsedByAClusterAndByANodeThatMayCarryIt() {
        ClusterRecord demo = ClusterRecord.begun(ClusterSpec.of("demo", 1), 70, List.of(N1), 0, "r");
        World ofCluster = new World(
                new TreeMap<>(), new TreeMap<>(Map.of(DEMO, new Held<>(demo, 0))), new Held<>(Pools.empty(), 0));
        World ofNode = new World(
                new TreeMap<>(Map.of(N1, node(new Assignment.Leave(1, DEMO, 71)))),
                new TreeMap<>(),
                new Held<>(Pools.empty(), 0));

        assertThat(ofCluster.uses(70)).isTrue();
        assertThat(ofCluster.uses(71)).isFalse();
        assertThat(ofNode.uses(71)).isTrue();
        assertThat(ofNode.uses(70)).isFalse();
    }
}
