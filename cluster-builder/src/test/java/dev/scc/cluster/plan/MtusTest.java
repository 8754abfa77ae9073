package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.world.Node;
import dev.scc.host.Cidr;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import dev.scc.vpc.VpcPlanner;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MtusTest {
    private static Node node(int number, int underlay, int rdma) {
        return Worlds.withMtus(Worlds.node(number, new Assignment.Free(1, 0), true), underlay, rdma);
    }

    @Test
    void aNetworkHasWhatItsSmallestMemberCarriesWhicheverThatIs() {
        for (List<Node> members : List.of(
                List.of(node(1, 1400, 2000), node(2, 1500, 4200), node(3, 9000, 9000)),
                List.of(node(1, 1500, 4200), node(2, 1400, 2000), node(3, 9000, 9000)),
                List.of(node(1, 9000, 9000), node(2, 1500, 4200), node(3, 1400, 2000)))) {
            assertThat(Mtus.vpc(members, false)).isEqualTo(1400 - VpcPlanner.OVERHEAD);
            assertThat(Mtus.vpc(members, true)).isEqualTo(1400 - 130);
            assertThat(Mtus.segment(members)).contains(2000);
        }
    }

    @Test
    void whoHasNoRdmaDeviceHasNoPartInTheSegment() {
        assertThat(Mtus.segment(List.of(Worlds.withoutRdma(node(1, 1500, 4200)))))
                .isEmpty();
        Node free = Worlds.node(1, new Assignment.Free(1, 0), true);
        assertThat(Mtus.segment(List.of(Worlds.withMtus(Worlds.withoutRdma(free), 1500, 4200))))
                .as("whatever its interfaces carry")
                .isEmpty();
    }

    @Test
    void whoDiffersFromMostOthersIsOdd() {
        Node odd = node(3, 1500, 1500);
        var why = Mtus.oddOnes(List.of(node(1, 1500, 4200), node(2, 1500, 4200), odd));

        assertThat(why.apply(odd)).contains("has MTU 1500 on eth1, and the RDMA interfaces of most others have 4200");
        assertThat(why.apply(node(4, 9000, 4200))).isEmpty();
        Node tiny = node(5, 1500, 351);
        assertThat(Mtus.oddOnes(List.of(tiny)).apply(tiny)).contains("has MTU 351 on eth1, and RDMA needs 352");
        Node least = node(6, 1500, 352);
        assertThat(Mtus.oddOnes(List.of(least)).apply(least)).isEmpty();
    }

    @Test
    void ofTwoThatDifferNobodyIsOdd() {
        Node one = node(1, 1500, 4200);
        Node other = node(2, 1500, 9000);
        var why = Mtus.oddOnes(List.of(one, other));

        assertThat(why.apply(one)).isEmpty();
        assertThat(why.apply(other)).isEmpty();
    }

    @Test
    void aNodeJoinsACoarserNetworkAndNoFinerOne() {
        Node node = node(1, 1500, 4200);
        int most = 1500 - VpcPlanner.OVERHEAD;

        assertThat(Mtus.obstacle(node, Optional.of(network(most, false)), Optional.of(4200)))
                .isEmpty();
        assertThat(Mtus.obstacle(node, Optional.of(network(most + 1, false)), Optional.of(4200)))
                .contains("has MTU 1500 on eth0, and the cluster's VPC needs 1501");
        assertThat(Mtus.obstacle(node, Optional.of(network(most, false)), Optional.of(4201)))
                .contains("has MTU 4200 on eth1, and the cluster's segment needs 4201");
        assertThat(Mtus.obstacle(node, Optional.of(network(1370, true)), Optional.of(4200)))
                .isEmpty();
        assertThat(Mtus.obstacle(node, Optional.of(network(1371, true)), Optional.of(4200)))
                .contains("has MTU 1500 on eth0, and the cluster's VPC needs 1501");
        assertThat(Mtus.obstacle(node, Optional.empty(), Optional.empty())).isEmpty();
    }

    @Test
    void whoCarriesTooLittleForRdmaIsToldThatWhateverOthersHave() {
        Node tiny = node(3, 1500, 300);

        assertThat(Mtus.oddOnes(List.of(node(1, 1500, 4200), node(2, 1500, 4200), tiny))
                        .apply(tiny))
                .contains("has MTU 300 on eth1, and RDMA needs 352");
        Node least = node(3, 1500, 352);
        assertThat(Mtus.oddOnes(List.of(node(1, 1500, 4200), node(2, 1500, 4200), least))
                        .apply(least))
                .contains("has MTU 352 on eth1, and the RDMA interfaces of most others have 4200");
    }

    @Test
    void whoIsInAClusterAlreadyDoesNotSayWhatIsUsual() {
        Node free = node(1, 1500, 4200);
        var why = Mtus.oddOnes(List.of(free, serving(2), serving(3)));

        assertThat(why.apply(free)).isEmpty();
        assertThat(why.apply(serving(4)))
                .contains("has MTU 9000 on eth1, and the RDMA interfaces of most others have 4200");
    }

    private static Node serving(int number) {
        return Worlds.withMtus(
                Worlds.node(number, new Assignment.Serve(1, new ClusterName("demo"), 1, 70), true), 1500, 9000);
    }

    @Test
    void ofNodesThatHaveNotSaidWhatTheyHaveTheOrdinaryIsExpected() {
        assertThat(Mtus.vpc(List.of(), false)).isEqualTo(1500 - VpcPlanner.OVERHEAD);
        assertThat(Mtus.segment(List.of())).isEmpty();
    }

    private static VpcNetwork network(int mtu, boolean encrypted) {
        return new VpcNetwork(
                "lab", new Vni(5000), Cidr.parse("172.20.0.0/24"), Optional.of(mtu), Optional.empty(), encrypted);
    }
}
