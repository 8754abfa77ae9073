package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwoNetworksTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeInventory HAS = new NodeInventory("6.1", 2, 1024, List.of(), List.of());

    private static List<String> objects(String rdmaDevice) {
        Roster roster = new Roster(
                new ClusterName("demo"),
                1,
                1,
                new VpcNetwork("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
                new Segment(new VlanId(71), Cidr.parse("10.70.0.0/24")),
                List.of(new Member(
                        N1,
                        Ipv4.parse("10.99.0.11"),
                        "10.99.0.11:7070",
                        Ipv4.parse("172.16.0.1"),
                        Ipv4.parse("10.70.0.1"),
                        rdmaDevice,
                        "eth1")));
        return List.copyOf(
                new TwoNetworks("eth0").wanted(roster, N1, HAS).objects().keySet());
    }

    @Test
    void everyMemberHasAPartInBothNetworks() {
        assertThat(objects("rxe0")).anyMatch(key -> key.contains("vpc70")).anyMatch(key -> key.contains("eth1.71"));
    }

    @Test
    void memberWithoutRdmaDeviceHasNoPartInTheSegment() {
        assertThat(objects("")).anyMatch(key -> key.contains("vpc70")).noneMatch(key -> key.contains("71"));
    }
}
