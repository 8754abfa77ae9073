package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Roster;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.ForwardingTree;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssignedRosterTest {
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final NodeName N1 = new NodeName("n1");
    private static final Assignment.Serve SERVE = new Assignment.Serve(1, DEMO, 2, 70);

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private AssignedRoster rosters;
    private int reads;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
        rosters = new AssignedRoster(
                new ForwardingTree(zooKeeper.tree()) {
                    @Override
                    public Optional<Entry> get(String path) throws ConnectionLost, InterruptedException {
                        reads++;
                        return super.get(path);
                    }
                },
                N1,
                TreeTexts.ofOneAgent());
        zooKeeper.tree().commit(List.of(new Op.Create(Paths.rosters(DEMO), "")));
    }

    @AfterEach
    void stop() {
        zooKeeper.close();
    }

    private static Roster roster(ClusterName cluster, int revision, String address, NodeName member) {
        Ipv4 other = Ipv4.parse("10.99.0.1");
        return new Roster(
                cluster,
                revision,
                1,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")),
                List.of(new Member(member, other, "10.99.0.1:7070", other, Ipv4.parse(address), "rxe0", "eth1")));
    }

    private void stands(Roster roster) throws Exception {
        String path = Paths.roster(DEMO, 2);
        if (zooKeeper.tree().get(path).isPresent()) {
            zooKeeper.tree().commit(List.of(new Op.Delete(path, Op.ANY)));
        }
        zooKeeper.tree().commit(List.of(new Op.Create(path, Json.write(roster))));
    }

    private Optional<Roster> read(int version) throws Exception {
        return rosters.read(new Entry(Json.write(SERVE), version, 0), SERVE);
    }

    @Test
    void aRosterIsReadOnceForAnAssignmentUnlessItIsDoubted() throws Exception {
        Roster first = roster(DEMO, 2, "10.70.0.1", N1);
        Roster second = roster(DEMO, 2, "10.70.0.2", N1);
        assertThat(read(3)).isEmpty();
        stands(first);
        assertThat(read(3)).contains(first);
        stands(second);
        int before = reads;
        assertThat(read(3)).contains(first);
        assertThat(reads).isEqualTo(before);

        assertThat(read(4)).contains(second);

        stands(first);
        assertThat(read(4)).contains(second);
        rosters.doubt();
        assertThat(read(4)).contains(first);
    }

    @Test
    void whatIsOfAnotherClusterOrRevisionOrWithoutThisNodeIsNotServed() throws Exception {
        stands(roster(new ClusterName("other"), 2, "10.70.0.1", N1));
        assertThatThrownBy(() -> read(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is of other, revision 2");

        stands(roster(DEMO, 3, "10.70.0.1", N1));
        assertThatThrownBy(() -> read(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is of demo, revision 3");

        stands(roster(DEMO, 2, "10.70.0.1", new NodeName("n2")));
        assertThatThrownBy(() -> read(3)).isInstanceOf(IllegalArgumentException.class);
    }
}
