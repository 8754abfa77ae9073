package dev.scc.cluster.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.Pools;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a reader that is told of each change reads of it, and nothing else. */
class WorldReadsTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final GroupName WEB = new GroupName("web");

    private final MemoryTree tree = new MemoryTree();
    private final WorldReader reader = WorldReader.watching(tree);

    @BeforeEach
    void somethingIsNamed() throws Exception {
        tree.put(Paths.plugs(N1), Json.write(NodePlugs.NONE));
        tree.put(Paths.plugged(N1), Json.write(new PlugStatus(0, Optional.empty())));
        reader.read(Instant.EPOCH);
        tree.taken();
    }

    private World read() throws Exception {
        return reader.read(Instant.EPOCH);
    }

    @Test
    void ofANodeThatIsKnownOnlyWhatHasChangedIsRead() throws Exception {
        tree.put(Paths.plugged(N1), Json.write(new PlugStatus(1, Optional.empty())));

        assertThat(read().enis().get(N1))
                .satisfies(enis -> assertThat(enis.said()).contains(new PlugStatus(1, Optional.empty())));

        assertThat(tree.taken()).containsExactly(Paths.POOLS, Paths.plugged(N1));
        assertThat(tree.lists()).isEqualTo(5);
    }

    @Test
    void aGroupComesAndGoes() throws Exception {
        GroupRecord group = new GroupRecord(WEB, new VpcName("lab"), List.of(), Optional.empty(), 0);
        tree.put(Paths.group(WEB), Json.write(group));
        assertThat(read().groups()).containsOnlyKeys(WEB);

        tree.remove(Paths.group(WEB));
        assertThat(read().groups()).isEmpty();
        assertThat(tree.lists()).isEqualTo(5);
    }

    @Test
    void aClusterComesAndGoes() throws Exception {
        ClusterName demo = new ClusterName("demo");
        ClusterRecord record = ClusterRecord.begun(ClusterSpec.of("demo", 1), 70, List.of(N1), 0, "r1");
        tree.put(Paths.cluster(demo), Json.write(record));
        assertThat(read().clusters()).containsOnlyKeys(demo);

        tree.remove(Paths.cluster(demo));
        assertThat(read().clusters()).isEmpty();
        assertThat(tree.lists()).isEqualTo(5);
    }

    private void enrol(NodeName node) {
        Alive machine = Alive.at("i1", Ipv4.parse("10.99.0.11"));
        tree.put(Paths.node(node), Json.write(NodeRecord.enrolled(node, machine)));
        tree.put(Paths.assign(node), Json.write(new Assignment.Free(1, 0)));
    }

    @Test
    void ofANodeThatIsKnownOnlyWhatItSaysAnewIsRead() throws Exception {
        enrol(N1);
        read();
        tree.taken();
        NodeStatus clean = new NodeStatus(0, new NodeStatus.Clean(), List.of());
        tree.put(Paths.status(N1), Json.write(clean));

        assertThat(read().nodes().get(N1))
                .satisfies(node -> assertThat(node.status()).contains(clean));

        assertThat(tree.taken()).containsExactly(Paths.POOLS, Paths.status(N1));
    }

    @Test
    void whatWasReadWithEverythingElseIsNotReadOnceMore() throws Exception {
        enrol(N1);
        reader.doubt();
        read();
        tree.taken();

        assertThat(read().nodes()).containsOnlyKeys(N1);

        assertThat(tree.taken()).containsExactly(Paths.POOLS);
    }

    @Test
    void whichNumbersAreTakenIsReadWhenItChanges() throws Exception {
        Pools.Taken taken = new Pools.Taken(
                new ClusterName("demo"), "demo", Cidr.parse("172.16.0.0/20"), Cidr.parse("10.70.0.0/24"));
        tree.put(Paths.POOLS, Json.write(new Pools(Map.of(70, taken))));
        assertThat(read().pools().value().networks()).containsOnlyKeys(70);

        tree.put(Paths.POOLS, "nonsense");
        assertThatThrownBy(this::read)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("/scc/pools is");
    }
}
