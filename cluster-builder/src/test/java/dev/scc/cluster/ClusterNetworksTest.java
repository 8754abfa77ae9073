package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.PriorityPairs;
import dev.scc.fabric.TrafficClass;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.host.net.NetObject;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterNetworksTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeInventory HAS = NodeInventory.of("6.1", 2, 1024, List.of(), List.of());

    private static List<String> objects(String rdmaDevice) {
        Roster roster = new Roster(
                new ClusterName("demo"),
                1,
                1,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
                Segment.of(new VlanId(71), Cidr.parse("10.70.0.0/24")),
                List.of(new Member(
                        N1,
                        Ipv4.parse("10.99.0.11"),
                        "10.99.0.11:7070",
                        Ipv4.parse("172.16.0.1"),
                        Ipv4.parse("10.70.0.1"),
                        rdmaDevice,
                        "eth1")));
        return List.copyOf(
                new ClusterNetworks("eth0").wanted(roster, N1, HAS).objects().keySet());
    }

    private static Roster roster(Optional<Integer> vpcMtu, Optional<Integer> segmentMtu) {
        return new Roster(
                new ClusterName("demo"),
                1,
                1,
                new VpcNetwork("demo", new Vni(70), Cidr.parse("172.16.0.0/20"), vpcMtu),
                new Segment(new VlanId(71), Cidr.parse("10.70.0.0/24"), segmentMtu),
                List.of(new Member(
                        N1,
                        Ipv4.parse("10.99.0.11"),
                        "10.99.0.11:7070",
                        Ipv4.parse("172.16.0.1"),
                        Ipv4.parse("10.70.0.1"),
                        "rxe0",
                        "eth1")));
    }

    private static NodeInventory with(int underlay, int rdma) {
        return NodeInventory.of(
                "6.1",
                2,
                1024,
                List.of(
                        new Nic("eth0", "02:00:00:00:00:01", underlay, "UP", List.of()),
                        new Nic("eth1", "02:00:00:00:00:02", rdma, "UP", List.of())),
                List.of());
    }

    private static int mtu(Roster roster, NodeInventory has, String link) {
        return new ClusterNetworks("eth0")
                .wanted(roster, N1, has).objects().values().stream()
                        .filter(NetObject.Link.class::isInstance)
                        .map(NetObject.Link.class::cast)
                        .filter(one -> one.name().equals(link))
                        .findFirst()
                        .orElseThrow()
                        .mtu();
    }

    @Test
    void membersHaveTheMtusOfTheRosterHoweverMuchTheirOwnInterfacesCarry() {
        Roster roster = roster(Optional.of(1350), Optional.of(4200));

        assertThat(mtu(roster, with(9000, 9000), "eni0")).isEqualTo(1350);
        assertThat(mtu(roster, with(9000, 9000), "vpc70")).isEqualTo(1350);
        assertThat(mtu(roster, with(9000, 9000), "eth1.71")).isEqualTo(4200);
    }

    @Test
    void aVpcFollowsAnUnderlayThatHasBecomeSmaller() {
        assertThat(mtu(roster(Optional.of(1450), Optional.empty()), with(1400, 4200), "eni0"))
                .isEqualTo(1350);
    }

    @Test
    void aSegmentThatDoesNotFitIsRefusedWithTheNumbers() {
        assertThatThrownBy(() -> new ClusterNetworks("eth0")
                        .wanted(roster(Optional.of(1450), Optional.of(4200)), N1, with(1500, 1500)))
                .hasMessage("MTU 1500 of eth1 on node n1 is smaller than the 4200 of the segment of cluster demo");
    }

    @Test
    void rostersWithoutMtusAreServedStill() {
        Roster roster = roster(Optional.empty(), Optional.empty());

        assertThat(mtu(roster, with(1500, 4200), "eni0")).isEqualTo(1450);
        assertThat(mtu(roster, with(1500, 4200), "eth1.71")).isEqualTo(4200);
        String before = Json.write(roster).replace(",\"mtu\":null", "");
        assertThat(before).doesNotContain("mtu");
        assertThat(Json.read(before, Roster.class)).isEqualTo(roster);
    }

    @Test
    void everyMemberHasAPartInBothNetworks() {
        assertThat(objects("rxe0")).anyMatch(key -> key.contains("vpc70")).anyMatch(key -> key.contains("eth1.71"));
    }

    @Test
    void theSegmentsTrafficIsInTheClassThatItsAgentWasGiven() {
        Roster roster = roster(Optional.of(1450), Optional.of(4200));
        TrafficClass traffic = new TrafficClass(PriorityPairs.parse("0:3"), Optional.of(26));

        assertThat(new ClusterNetworks("eth0", traffic)
                        .wanted(roster, N1, with(1500, 4200))
                        .objects())
                .containsEntry("qos:eth1.71", new NetObject.PriorityMap("eth1.71", Map.of(0, 3, 2, 3)))
                .containsEntry("tos:rxe0", new NetObject.DefaultTos("rxe0", 104));
        assertThat(new ClusterNetworks("eth0")
                        .wanted(roster, N1, with(1500, 4200))
                        .objects())
                .doesNotContainKeys("qos:eth1.71", "tos:rxe0");
    }

    @Test
    void memberWithoutRdmaDeviceHasNoPartInTheSegment() {
        assertThat(objects("")).anyMatch(key -> key.contains("vpc70")).noneMatch(key -> key.contains("71"));
    }
}
