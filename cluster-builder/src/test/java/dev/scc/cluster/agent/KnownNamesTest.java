package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Member;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Plugged;
import dev.scc.cluster.Roster;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KnownNamesTest {
    private static final VpcNetwork LAB =
            new VpcNetwork("lab", new Vni(5000), Cidr.parse("172.20.0.0/24"), Optional.empty());
    private static final Ipv4 ENI = Ipv4.parse("172.20.0.9");
    private static final Ipv4 MEMBER = Ipv4.parse("172.20.0.1");
    private static final List<Ip> OF_ENI = List.of(ENI, Ip.parse("fd00:20::9"));

    private static Plugged plugged(Optional<EniPlace> place) {
        Plug plug = new Plug(
                new EniId("eni-0a1b2c3d"), LAB, ENI, 1, Plug.Phase.ATTACHED, Optional.empty(), Optional.empty(), place);
        Holding own = new Holding(
                "ENI eni-0a1b2c3d",
                List.of(new VpcMember(new NodeName("n5"), Ipv4.parse("10.99.0.11"), ENI, OF_ENI.subList(1, 2))),
                List.of());
        Holding cluster = new Holding("cluster demo", List.of(member("n1", MEMBER)), List.of());
        return new Plugged(
                List.of(plug),
                Map.of("lab", new TreeMap<>(Map.of("eni-0a1b2c3d", own, "cluster-7", cluster))),
                Map.of());
    }

    private static VpcMember member(String node, Ipv4 address) {
        return new VpcMember(new NodeName(node), Ipv4.parse("10.99.0.11"), address);
    }

    @Test
    void anEniHostKnowsEverybodyInItsVpc() {
        KnownNames names = KnownNames.of(Optional.empty(), plugged(Optional.empty()));

        assertThat(names.here()).isEqualTo(Map.of("eni-0a1b2c3d.lab", OF_ENI, "n1.demo", List.of(MEMBER)));
        assertThat(names.elsewhere()).isEmpty();
    }

    @Test
    void namesOfAnEniThatIsHandedOverAreForItsNamespaceAlone() {
        KnownNames names = KnownNames.of(Optional.empty(), plugged(Optional.of(NamespaceFile.parse("blue"))));

        assertThat(names.here()).isEmpty();
        assertThat(names.elsewhere())
                .isEqualTo(Map.of("blue", Map.of("eni-0a1b2c3d.lab", OF_ENI, "n1.demo", List.of(MEMBER))));
    }

    @Test
    void besideAMemberAnEniKnowsEverybodyAndTheMemberEnisAndItsCluster() {
        KnownNames names = KnownNames.of(Optional.of(roster(LAB)), plugged(Optional.of(NamespaceFile.parse("blue"))));

        assertThat(names.here().keySet()).containsExactly("eni-0a1b2c3d.lab", "n5.mine");
        assertThat(names.elsewhere())
                .isEqualTo(Map.of("blue", Map.of("eni-0a1b2c3d.lab", OF_ENI, "n1.demo", List.of(MEMBER))));
    }

    private static Roster roster(VpcNetwork vpc) {
        return new Roster(
                new ClusterName("mine"),
                1,
                1,
                vpc,
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")),
                List.of(new Member(
                        new NodeName("n5"),
                        Ipv4.parse("10.99.0.15"),
                        "a:7070",
                        Ipv4.parse("172.16.0.5"),
                        Ipv4.parse("10.70.0.5"),
                        "rxe0",
                        "eth1")));
    }

    private static Plugged directory() {
        Plugged all = plugged(Optional.empty());
        return new Plugged(List.of(), all.directory(), Map.of());
    }

    @Test
    void aMemberKnowsTheOtherMembersByTheirCluster() {
        VpcNetwork own = VpcNetwork.of("mine", new Vni(70), Cidr.parse("172.16.0.0/20"));

        assertThat(KnownNames.of(Optional.of(roster(own)), directory()).here())
                .isEqualTo(Map.of("n5.mine", List.of(Ipv4.parse("172.16.0.5"))));
    }

    /** Members of different clusters do not know each other, though they are in one VPC. */
    @Test
    void aMemberInAVpcThatStandsAloneKnowsItsEnisAndNoOtherCluster() {
        assertThat(KnownNames.of(Optional.of(roster(LAB)), directory()).here())
                .isEqualTo(Map.of("n5.mine", List.of(Ipv4.parse("172.16.0.5")), "eni-0a1b2c3d.lab", OF_ENI));
    }
}
