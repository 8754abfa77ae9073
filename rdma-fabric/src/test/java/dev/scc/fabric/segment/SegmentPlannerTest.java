package dev.scc.fabric.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.VlanId;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SegmentPlannerTest {
    private final Segment segment = Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/24"));

    @Test
    void aSegmentIsAVlanLinkWithAnAddressAndAFilter() {
        NetState wanted = SegmentPlanner.wanted("demo", segment, Ipv4.parse("10.70.0.2"), "eth1", 4200);

        assertThat(wanted.objects()).containsOnlyKeys("link:eth1.70", "addr:eth1.70/10.70.0.2", "nft:scc_seg70");
        assertThat(wanted.objects())
                .containsEntry(
                        "link:eth1.70",
                        new NetObject.Link("eth1.70", "demo", new LinkKind.Vlan("eth1", 70), 4200, Optional.empty()))
                .containsEntry("addr:eth1.70/10.70.0.2", new NetObject.Address("eth1.70", Ipv4.parse("10.70.0.2"), 24));
    }

    @Test
    void theFilterLetsTheSubnetInThroughItsVlanOnlyAndForwardsNothing() {
        NetState wanted = SegmentPlanner.wanted("demo", segment, Ipv4.parse("10.70.0.2"), "eth1", 4200);

        assertThat(wanted.objects().get("nft:scc_seg70"))
                .isInstanceOfSatisfying(
                        NetObject.NftTable.class,
                        table -> assertThat(table.body())
                                .contains("ip daddr 10.70.0.0/24 iifname != { \"lo\", \"eth1.70\" } drop")
                                .contains("iifname \"eth1.70\" drop")
                                .contains("oifname \"eth1.70\" drop"));
    }

    @Test
    void anAddressOutsideTheSubnetIsRefused() {
        assertThatThrownBy(() -> SegmentPlanner.wanted("demo", segment, Ipv4.parse("10.71.0.2"), "eth1", 4200))
                .hasMessage("address 10.71.0.2 is not in the segment's subnet 10.70.0.0/24");
    }

    @Test
    void aLongInterfaceNameLeavesRoomForTheVlan() {
        assertThat(link("eth1", 70)).isEqualTo("eth1.70");
        assertThat(link("enp65s0f0np", 100)).isEqualTo("enp65s0f0np.100");
        assertThat(link("enp65s0f0np0", 100)).isEqualTo("np65s0f0np0.100");
        assertThat(link("enp129s0f1np1", 4094)).isEqualTo("129s0f1np1.4094");
        assertThat(link("ibp0-port10bond", 100)).isEqualTo("port10bond.100");
    }

    @Test
    void aSegmentOnALongInterfaceHasOneNameEverywhere() {
        NetState wanted = SegmentPlanner.wanted("demo", segment, Ipv4.parse("10.70.0.2"), "enp129s0f1np1", 4200);

        assertThat(wanted.objects())
                .containsOnlyKeys("link:np129s0f1np1.70", "addr:np129s0f1np1.70/10.70.0.2", "nft:scc_seg70");
        assertThat(segment.link("enp129s0f1np1")).isEqualTo("np129s0f1np1.70");
    }

    private static String link(String netdev, int vlan) {
        return Segment.of(new VlanId(vlan), Cidr.parse("10.70.0.0/24")).link(netdev);
    }
}
