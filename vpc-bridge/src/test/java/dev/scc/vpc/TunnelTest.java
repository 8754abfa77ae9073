package dev.scc.vpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.Mac;
import dev.scc.host.NodeName;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import dev.scc.host.net.TunnelKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TunnelTest {
    private static final VpcNetwork VPC = new VpcNetwork(
            "vault", new Vni(5070), Cidr.parse("172.16.0.0/24"), Optional.of(1370), Optional.empty(), true);
    private static final TunnelKey OWN = new TunnelKey("a".repeat(42) + "A=");
    private static final TunnelKey OTHER = new TunnelKey("b".repeat(42) + "A=");

    private static VpcMember member(int number) {
        return new VpcMember(
                new NodeName("n" + number),
                Ipv4.parse("10.99.0.10").plus(number),
                VPC.cidr().host(number));
    }

    private static String body(NetState state, String table) {
        return state.objects().get("nft:" + table) instanceof NetObject.NftTable there ? there.body() : "";
    }

    @Test
    void aNodesAddressInItsTunnelsFollowsFromTheUnderlay() {
        assertThat(Tunnel.address(Ipv4.parse("10.99.0.11"))).isEqualTo(Ipv6.parse("fd5c:c791:4e0a::a63:b"));
        assertThat(Tunnel.address(Ipv4.parse("203.0.113.255"))).isEqualTo(Ipv6.parse("fd5c:c791:4e0a::cb00:71ff"));
    }

    @Test
    void aNodeHasOneEndWithAllPeersOnItAndNothingButVxlanComesOutOfIt() {
        NetState wanted = NetState.of(
                Tunnel.wanted("vpc.", OWN, Ipv4.parse("10.99.0.11"), 1500, Map.of(Ipv4.parse("10.99.0.12"), OTHER)));

        assertThat(wanted.objects().values())
                .contains(
                        new NetObject.Link("scctun0", "vpc.", new LinkKind.Tunnel(), 1440, Optional.empty()),
                        new NetObject.TunnelEnd("scctun0", OWN, 61_820),
                        new NetObject.Address("scctun0", Ipv6.parse("fd5c:c791:4e0a::a63:b"), 96),
                        new NetObject.TunnelPeer(
                                "scctun0",
                                OTHER,
                                Ipv6.parse("fd5c:c791:4e0a::a63:c"),
                                Ipv4.parse("10.99.0.12"),
                                61_820))
                .hasSize(5);
        assertThat(body(wanted, "scc_scctun0"))
                .as("fragments, whose VXLAN header no rule sees")
                .contains("iifname != \"scctun0\" exthdr frag exists udp dport 4789 drop\n")
                .contains("iifname \"scctun0\" udp dport 4789 accept\n    iifname \"scctun0\" drop")
                .contains("iifname != \"lo\" ip6 daddr fd5c:c791:4e0a::/96 drop");
    }

    @Test
    void anOverlayOfAnEncryptedVpcIsOnTheTunnelAndKnowsItsAddressesAlone() {
        NetState wanted = VpcPlanner.wanted("demo", VPC, List.of(member(1), member(2)), new NodeName("n1"), "eth0");

        assertThat(wanted.objects().values())
                .contains(
                        new NetObject.Link(
                                "vpc5070",
                                "demo",
                                new LinkKind.Vxlan(5070, "scctun0", Ipv6.parse("fd5c:c791:4e0a::a63:b"), 4789),
                                1370,
                                Optional.empty()),
                        new NetObject.Fdb(
                                "vpc5070", new Mac("02:5c:ac:10:00:02"), Ipv6.parse("fd5c:c791:4e0a::a63:c")));
        assertThat(body(wanted, "scc_vpc5070"))
                .contains("@th,96,24 5070 iifname != \"scctun0\" goto drop_forged")
                .contains("ip6 saddr != { fd5c:c791:4e0a::a63:b, fd5c:c791:4e0a::a63:c } goto drop_forged")
                .contains(
                        "ip6 saddr . @th,176,48 . @th,336,32 != { fd5c:c791:4e0a::a63:b . 0x025cac100001 . 0xac100001")
                .doesNotContain("10.99.0.1");
    }

    @Test
    void aVpcIsSmallerByWhatTheTunnelAdds() {
        VpcNetwork free = new VpcNetwork("vault", VPC.vni(), VPC.cidr(), Optional.empty(), Optional.empty(), true);
        NetState wanted =
                VpcPlanner.wanted("demo", free, List.of(member(1), member(2)), new NodeName("n1"), "eth0", 9000);

        assertThat(wanted.objects().get("link:eni0"))
                .isInstanceOfSatisfying(
                        NetObject.Link.class, link -> assertThat(link.mtu()).isEqualTo(8870));
        assertThat(VpcPlanner.overhead(true) - VpcPlanner.overhead(false)).isEqualTo(80);
    }
}
