package dev.scc.vpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Mac;
import dev.scc.host.NodeName;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VpcPlannerTest {
    private static final VpcNetwork VPC = VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/24"));

    private static VpcMember member(int number) {
        return new VpcMember(
                new NodeName("n" + number),
                Ipv4.parse("10.99.0.10").plus(number),
                VPC.cidr().host(number));
    }

    private static NetState wanted(List<VpcMember> members) {
        return VpcPlanner.wanted("demo", VPC, members, new NodeName("n1"), "eth0");
    }

    @Test
    void aMemberHasAnOverlayAnEniAndAWayToEachOtherMember() {
        NetState wanted = wanted(List.of(member(1), member(2)));
        NetObject table = wanted.objects().get("nft:scc_vpc70");

        assertThat(wanted.objects().values())
                .containsExactlyInAnyOrder(
                        new NetObject.Link(
                                "vpc70",
                                "demo",
                                new LinkKind.Vxlan(70, "eth0", Ipv4.parse("10.99.0.11"), 4789),
                                1450,
                                Optional.empty()),
                        new NetObject.Link(
                                "eni0",
                                "demo",
                                new LinkKind.Macvlan("vpc70"),
                                1450,
                                Optional.of(new Mac("02:5c:ac:10:00:01"))),
                        new NetObject.Address("eni0", Ipv4.parse("172.16.0.1"), 24),
                        new NetObject.Fdb("vpc70", new Mac("02:5c:ac:10:00:02"), Ipv4.parse("10.99.0.12")),
                        new NetObject.Neighbour("eni0", Ipv4.parse("172.16.0.2"), new Mac("02:5c:ac:10:00:02")),
                        table);
        assertThat(table)
                .isInstanceOfSatisfying(
                        NetObject.NftTable.class,
                        shield -> assertThat(shield.body())
                                .contains("@th,96,24 70 ip saddr != { 10.99.0.11, 10.99.0.12 } goto drop_forged")
                                .contains("ip daddr 172.16.0.0/24 goto drop_outside"));
    }

    @Test
    void theOrderOfMembersDoesNotMatter() {
        assertThat(wanted(List.of(member(3), member(1), member(2))))
                .isEqualTo(wanted(List.of(member(1), member(2), member(3))));
    }

    @Test
    void theMtuFollowsTheUnderlay() {
        NetState wanted = VpcPlanner.wanted("demo", VPC, List.of(member(1)), new NodeName("n1"), "eth0", 9000);

        assertThat(wanted.objects().values().stream()
                        .filter(NetObject.Link.class::isInstance)
                        .map(NetObject.Link.class::cast)
                        .map(NetObject.Link::mtu))
                .containsExactly(8950, 8950);
    }

    @Test
    void whatCannotBeIsRefusedInClearWords() {
        assertThatThrownBy(() -> wanted(List.of(member(2), member(3))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("n1 is not a member of VPC demo");
        assertRefused("172.17.0.1, which is not a host address of 172.16.0.0/24", "10.99.0.12", "172.17.0.1");
        assertRefused("172.16.0.0, which is not a host address", "10.99.0.12", "172.16.0.0");
        assertRefused("172.16.0.255, which is not a host address", "10.99.0.12", "172.16.0.255");
        assertRefused("which is inside the VPC's own 172.16.0.0/24", "172.16.0.9", "172.16.0.2");
        assertRefused("shares its address, or its underlay address with another node's", "10.99.0.12", "172.16.0.1");
        assertRefused("shares its address, or its underlay address with another node's", "10.99.0.11", "172.16.0.2");

        VpcNetwork small = VpcNetwork.of("small", new Vni(71), Cidr.parse("172.16.0.0/30"));
        assertThatThrownBy(() -> VpcPlanner.wanted(
                        "demo", small, List.of(member(1), member(2), member(3)), new NodeName("n1"), "eth0"))
                .hasMessage("172.16.0.0/30 of VPC small is too small: it has 2 host addresses, and 3 are needed");
    }

    private static void assertRefused(String why, String underlay, String address) {
        List<VpcMember> members = new ArrayList<>(List.of(member(1)));
        members.add(new VpcMember(new NodeName("n2"), Ipv4.parse(underlay), Ipv4.parse(address)));
        assertThatThrownBy(() -> wanted(members))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
