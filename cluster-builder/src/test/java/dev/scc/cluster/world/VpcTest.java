package dev.scc.cluster.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Holding;
import dev.scc.cluster.VpcRecord;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VpcTest {
    private static final Vpc LAB = new Vpc(
            new Held<>(
                    new VpcRecord(
                            new VpcName("lab"),
                            new Vni(5_000),
                            Cidr.parse("172.20.0.0/24"),
                            1_450,
                            Optional.empty(),
                            0),
                    0),
            new TreeMap<>(
                    Map.of("cluster-70", holding("cluster demo", 1), "eni-00000002", holding("ENI eni-00000002", 2))));

    private static Held<Holding> holding(String who, int node) {
        VpcMember member = new VpcMember(
                new NodeName("n" + node),
                Ipv4.parse("10.99.0.0").plus(node),
                Ipv4.parse("172.20.0.0").plus(node));
        return new Held<>(new Holding(who, List.of(member), List.of()), 0);
    }

    @Test
    void whoHasAddressesOnANodeIsFoundAndClustersApartFromEnis() {
        assertThat(LAB.clusterOn(new NodeName("n1"))).contains("cluster demo");
        assertThat(LAB.clusterOn(new NodeName("n2"))).isEmpty();
        assertThat(LAB.clusterOn(new NodeName("n3"))).isEmpty();
        assertThat(LAB.users()).containsExactly("ENI eni-00000002", "cluster demo");
    }

    @Test
    void whatOneEntryHasIsInTheWayOfAllOthers() {
        assertThat(LAB.taken()).containsExactlyInAnyOrder(Ipv4.parse("172.20.0.1"), Ipv4.parse("172.20.0.2"));
        assertThat(LAB.takenBesides("cluster-70")).containsExactly(Ipv4.parse("172.20.0.2"));
    }
}
